package io.moiety.ra.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.protocol.BranchXid;
import io.moiety.ra.RecordedLog;
import io.moiety.ra.ServerThreads;
import io.moiety.ra.work.ContainerTasks;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Timer;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RecoveryWatchTest {

  private static final Xid OF_OTHERS = new BranchXid(7, new byte[] {1}, new byte[] {1});

  private final ServerThreads threads = new ServerThreads();
  private final ContainerTasks tasks = new ContainerTasks(threads, new Timer(true));
  private final RecordedLog log = RecordedLog.of(RecoveryWatch.class);

  @AfterEach
  void close() {
    log.close();
    tasks.close();
    threads.close();
  }

  private RecoveryWatch watch(boolean shared, Map<String, String> properties) {
    return new RecoveryWatch(tasks, 100, () -> shared, properties::get);
  }

  @Test
  void warnsWhenRecoveryLeavesAFactoryAlone() {
    RecoveryWatch watch = watch(false, Map.of());
    watch.asked("another factory");

    watch.used("java:/shop", OF_OTHERS);

    await().untilAsserted(() -> assertThat(log.lines()).hasSize(1));
    assertThat(log.lines().get(0)).contains("WARNING", "java:/shop", "recover-credential");
  }

  @Test
  void isSilentAboutAFactoryThatRecoveryAsked() {
    RecoveryWatch watch = watch(false, Map.of());
    watch.used("java:/shop", OF_OTHERS);
    watch.asked("java:/shop");

    watch.used("java:/late", OF_OTHERS);

    await().untilAsserted(() -> assertThat(log.lines()).isNotEmpty());
    assertThat(log.lines()).hasSize(1).first().asString().contains("java:/late");
  }

  @Test
  void warnsOfBeansToo() {
    watch(false, Map.of()).used(RecoveryWatch.BEANS, OF_OTHERS);

    await().untilAsserted(() -> assertThat(log.lines()).hasSize(1));
    assertThat(log.lines().get(0)).contains("message-driven beans");
  }

  @Test
  void namesTheCommandOfServersThatRecoverByOne() {
    watch(false, Map.of("com.sun.aas.instanceRoot", "/domains/domain1")).used("shop", OF_OTHERS);

    await().untilAsserted(() -> assertThat(log.lines()).hasSize(1));
    assertThat(log.lines().get(0)).contains("INFO", "asadmin recover-transactions");
  }

  @Test
  void warnsOfWildFlysDefaultNodeIdentifierAtABrokerThatOthersUse() {
    watch(true, Map.of()).used("shop", narayanas("1"));
    assertThat(log.lines()).hasSize(1).first().asString().contains("node-identifier");
  }

  @Test
  void tellsBrokersThatOthersUseFromTheAdaptersOwn() {
    RecoveryWatch own = watch(false, Map.of());
    own.used("shop", narayanas("1"));
    assertThat(log.lines()).isEmpty();

    own.overSharedBroker().used("shop", narayanas("1"));
    own.overSharedBroker().used("shop", narayanas("1"));

    assertThat(log.lines()).hasSize(1).first().asString().contains("node-identifier");
  }

  @Test
  void isToldByRecoveryOnceForAllBrokers() {
    RecoveryWatch own = watch(false, Map.of());
    own.asked("java:/shop");

    own.overSharedBroker().used("java:/shop", OF_OTHERS);
    own.overSharedBroker().used("java:/late", OF_OTHERS);

    await().untilAsserted(() -> assertThat(log.lines()).isNotEmpty());
    assertThat(log.lines()).hasSize(1).first().asString().contains("java:/late");
  }

  @Test
  void saysNothingOfANodeIdentifierThatWasChosenOrMeetsNobody() {
    watch(true, Map.of()).used("shop", narayanas("node-7"));
    watch(false, Map.of()).used("shop", narayanas("1"));
    watch(true, Map.of()).used("shop", OF_OTHERS);

    assertThat(log.lines()).isEmpty();
  }

  private static Xid narayanas(String node) {
    byte[] name = node.getBytes(StandardCharsets.US_ASCII);
    byte[] globalId = new byte[28 + name.length];
    System.arraycopy(name, 0, globalId, 28, name.length);
    return new BranchXid(131_077, globalId, new byte[] {1});
  }
}
