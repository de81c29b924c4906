package io.moiety.ra.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.jms.MoietyQueue;
import io.moiety.jms.MoietyXAConnectionFactory;
import io.moiety.ra.ServerThreads;
import io.moiety.ra.broker.BrokerAccess;
import io.moiety.ra.connection.ConnectionSource;
import io.moiety.ra.metrics.AdapterBean;
import io.moiety.ra.metrics.AdapterBeans;
import io.moiety.ra.metrics.AdapterMetrics;
import io.moiety.ra.metrics.ManagementBeans;
import io.moiety.ra.work.ContainerTasks;
import io.moiety.ra.xa.RecoveryWatch;
import jakarta.resource.ResourceException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Timer;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.ObjectName;
import javax.naming.NameNotFoundException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ActivationsTest {

  private final AdapterMetrics metrics = new AdapterMetrics();
  private final ServerThreads threads = new ServerThreads();
  private final ContainerTasks tasks = new ContainerTasks(threads, new Timer(true));
  private final ManagementBeans management =
      ManagementBeans.open(AdapterBeans.of(metrics, new AdapterBean.Place("broker:9876", false)));
  private final RecordedEndpoints endpoints = new RecordedEndpoints(new ArrayList<>());
  private final MoietyActivationSpec spec = new MoietyActivationSpec();
  private final Factory factory = new Factory();
  private final List<Object> unused = new CopyOnWriteArrayList<>();
  private volatile boolean namesAreKnown = true;
  private final Activations activations =
      new Activations(
          (BrokerAccess)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {BrokerAccess.class},
                  (proxy, method, arguments) -> {
                    if (method.getName().equals("metrics")) {
                      return metrics;
                    }
                    if (method.getName().equals("transactions")) {
                      return Optional.empty();
                    }
                    throw new AssertionError("the adapter's own connections are not wanted");
                  }),
          tasks,
          management,
          new DestinationNaming(this::lookup),
          unused::add);

  /** A connection factory that counts who asks for connections. */
  private static final class Factory implements ConnectionSource {

    final AtomicInteger asked = new AtomicInteger();

    @Override
    public RecoveryWatch recoveryWatch() {
      return NoRecovery.watch();
    }

    @Override
    public MoietyXAConnectionFactory newConnectionFactory() throws ResourceException {
      asked.incrementAndGet();
      throw new ResourceException("no broker in this test");
    }

    @Override
    public Object recoveryKey() {
      return "the factory";
    }
  }

  private Object lookup(String name) throws NameNotFoundException {
    if (namesAreKnown && name.equals("java:/jms/factory")) {
      return factory;
    }
    if (namesAreKnown && name.equals("java:/jms/orders")) {
      return new MoietyQueue("orders");
    }
    throw new NameNotFoundException(name);
  }

  @AfterEach
  void close() {
    activations.close();
    management.close();
    tasks.close();
    threads.close();
  }

  private void activate() throws ResourceException {
    spec.setDestinationLookup("java:/jms/orders");
    spec.setConnectionFactoryLookup("java:/jms/factory");
    activations.activate(endpoints, spec);
  }

  @Test
  void connectsByTheConnectionFactoryThatItsBeanNames() throws Exception {
    activate();

    await().until(() -> factory.asked.get() > 0);
  }

  @Test
  void recoversByTheSameWhereNoNameIsKnown() throws Exception {
    activate();
    namesAreKnown = false;

    assertThat(activations.sourceOf(spec)).isSameAs(factory);
  }

  @Test
  void saysWhenTheLastBeanOfASourceIsGone() throws Exception {
    RecordedEndpoints others = new RecordedEndpoints(new ArrayList<>());
    MoietyActivationSpec another = new MoietyActivationSpec();
    another.setDestinationLookup("java:/jms/orders");
    another.setConnectionFactoryLookup("java:/jms/factory");
    activate();
    activations.activate(others, another);

    activations.deactivate(endpoints, spec);
    assertThat(unused).isEmpty();
    activations.deactivate(others, another);

    assertThat(unused).containsExactly("the factory");
  }

  @Test
  void isShownByJmxWhileItIsActive() throws Exception {
    ObjectName shown = new ObjectName("io.moiety:type=Activation,destination=\"queue://orders\",*");
    activate();
    assertThat(ManagementFactory.getPlatformMBeanServer().queryNames(shown, null)).hasSize(1);

    activations.deactivate(endpoints, spec);

    assertThat(ManagementFactory.getPlatformMBeanServer().queryNames(shown, null)).isEmpty();
  }
}
