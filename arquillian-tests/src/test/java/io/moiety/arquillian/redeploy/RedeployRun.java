package io.moiety.arquillian.redeploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.arquillian.orders.Application;
import io.moiety.arquillian.orders.Messages;
import io.moiety.arquillian.orders.Mode;
import io.moiety.arquillian.orders.StandaloneBroker;
import io.moiety.arquillian.server.FreePorts;
import io.moiety.arquillian.server.Postgres;
import io.moiety.arquillian.server.ServerKind;
import io.moiety.arquillian.server.ServerSetup;
import io.moiety.arquillian.server.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Adapter and application are deployed and undeployed while they work, as often as {@code
 * ./redeploy} asks for. Not part of the build yet: in WildFly two class loaders of each
 * redeployment are left, and it fails.
 */
class RedeployRun {

  /** The first times fill caches of the server's own. */
  private static final int WARM_UP = 3;

  /** Of each kind of thread, class loader and file, however often it is redeployed. */
  private static final int SLACK = 3;

  @TempDir Path directory;

  @Test
  void leavesNoThreadClassLoaderConnectionOrFileBehind() throws Exception {
    int count = Integer.getInteger("redeploy.count", 5);
    int brokerPort = FreePorts.any();
    List<Path> archives = Application.archives(directory, Mode.XA);
    try (Postgres database = Application.database();
        StandaloneBroker broker = StandaloneBroker.start(directory, brokerPort);
        TestServer server = TestServer.start(ServerKind.ofThisRun(), setup(database, brokerPort));
        OrdersLoad load = OrdersLoad.start(server, new Messages(brokerPort))) {
      for (int time = 1; time <= WARM_UP; time++) {
        redeploy(server, archives, load);
      }
      Leftovers before = Leftovers.of(server.pid());
      long brokerFiles = Leftovers.openFiles(broker.pid());
      for (int time = 1; time <= count; time++) {
        redeploy(server, archives, load);
        System.out.printf("redeployed %d of %d times, %d orders%n", time, count, load.orders());
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(45))
          .pollInterval(Duration.ofSeconds(3))
          .untilAsserted(
              () -> {
                Leftovers now = Leftovers.of(server.pid());
                assertThat(now.growthSince(before, SLACK)).isEmpty();
                assertThat(now.threadsNamed("moiety")).isEmpty();
                assertThat(Leftovers.openFiles(broker.pid()))
                    .as("files of the broker, its connections among them")
                    .isLessThanOrEqualTo(brokerFiles + SLACK);
              });
    }
  }

  private static void redeploy(TestServer server, List<Path> archives, OrdersLoad load)
      throws Exception {
    for (Path archive : archives) {
      server.deploy(archive);
    }
    load.awaitOrders(10);
    for (int last = archives.size() - 1; last >= 0; last--) {
      server.undeploy(archives.get(last));
    }
  }

  private ServerSetup setup(Postgres database, int brokerPort) {
    return new ServerSetup(
        directory.resolve("server"),
        ServerSetup.STANDALONE,
        Mode.XA.configuration(),
        List.of(),
        Map.of(
            "postgres.port",
            Integer.toString(database.port()),
            "moiety.addresses",
            "127.0.0.1:" + brokerPort,
            "moiety.listenPort",
            "0",
            "moiety.brokerProperties",
            ""),
        // What only caches hold is not held.
        List.of("-XX:SoftRefLRUPolicyMSPerMB=0"));
  }
}
