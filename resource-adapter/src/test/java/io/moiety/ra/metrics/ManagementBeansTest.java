package io.moiety.ra.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

final class ManagementBeansTest {

  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

  private final AdapterMetrics metrics = new AdapterMetrics();
  private final AdapterBean adapter =
      AdapterBeans.of(metrics, new AdapterBean.Place("broker:9876", false));

  private static Set<ObjectName> names() throws Exception {
    return new HashSet<>(SERVER.queryNames(new ObjectName("io.moiety:*"), null));
  }

  @Test
  void instancesOfTheAdapterHaveNamesOfTheirOwn() throws Exception {
    Set<ObjectName> before = names();
    try (ManagementBeans one = ManagementBeans.open(adapter);
        ManagementBeans other =
            ManagementBeans.open(
                AdapterBeans.of(new AdapterMetrics(), new AdapterBean.Place("other:9876", true)))) {
      assertThat(names()).hasSize(before.size() + 2);
      assertThat(one).isNotSameAs(other);
    }
    assertThat(names()).isEqualTo(before);
  }

  @Test
  void showsWhatHappenedToTransactions() throws Exception {
    Set<ObjectName> before = names();
    try (ManagementBeans beans = ManagementBeans.open(adapter)) {
      Set<ObjectName> added = names();
      added.removeAll(before);
      ObjectName name = added.iterator().next();
      metrics.begun("a");
      metrics.begun("b");
      metrics.begun("c");
      metrics.prepared("b");
      metrics.committed("c");

      assertThat(SERVER.getAttribute(name, "InFlight")).isEqualTo(1L);
      assertThat(SERVER.getAttribute(name, "InDoubt")).isEqualTo(1L);
      assertThat(SERVER.getAttribute(name, "Committed")).isEqualTo(1L);
      metrics.unanswered("a");
      metrics.unanswered("b");
      assertThat(SERVER.getAttribute(name, "InFlight")).isEqualTo(0L);
      assertThat(SERVER.getAttribute(name, "InDoubt")).isEqualTo(1L);
      metrics.rolledBack("b");
      assertThat(SERVER.getAttribute(name, "InDoubt")).isEqualTo(0L);
      assertThat(SERVER.getAttribute(name, "RolledBack")).isEqualTo(1L);
      assertThat(SERVER.getAttribute(name, "Addresses")).isEqualTo("broker:9876");
      beans.close();
    }
  }

  @Test
  void hidesABeanThatWasDeactivated() throws Exception {
    try (ManagementBeans beans = ManagementBeans.open(adapter)) {
      Set<ObjectName> before = names();
      Runnable hide = beans.show(new Idle(), "shop.Bean$\"x\", of all", "queue://orders");
      Runnable hideTwin = beans.show(new Idle(), "shop.Bean$\"x\", of all", "queue://orders");
      assertThat(names()).hasSize(before.size() + 2);

      hide.run();
      hideTwin.run();

      assertThat(names()).isEqualTo(before);
    }
  }

  @Test
  void theDocumentNamesAllThatIsShown() throws Exception {
    String document = Files.readString(Path.of("../docs/adapter-reference.md"));

    assertThat(List.of(AdapterMXBean.class, ActivationMXBean.class))
        .flatMap(bean -> List.of(Introspector.getBeanInfo(bean).getPropertyDescriptors()))
        .extracting(PropertyDescriptor::getDisplayName)
        .allSatisfy(
            attribute ->
                assertThat(document)
                    .contains(
                        "`"
                            + attribute.substring(0, 1).toUpperCase(Locale.ROOT)
                            + attribute.substring(1)
                            + "`"));
  }

  private static final class Idle implements ActivationMXBean {

    @Override
    public String getDestination() {
      return "queue orders";
    }

    @Override
    public String getState() {
      return "RECEIVING";
    }

    @Override
    public long getTaken() {
      return 0;
    }

    @Override
    public long getFailed() {
      return 0;
    }

    @Override
    public int getConsecutiveFailures() {
      return 0;
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}
  }
}
