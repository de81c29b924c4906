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
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Adapter and application are deployed and undeployed while they work: a few times in the build, as
 * often as wanted by {@code ./redeploy}.
 */
class RedeployIT {

  /** The first times fill caches and pools of the server's own. */
  private static final int WARM_UP = 3;

  private static final int ORDERS_EACH_TIME = 10;

  private static final int TIMES_IN_THE_BUILD = 3;

  /** So many threads of one kind may come: pools of the servers' own fill up to their size. */
  private static final int POOL_THREADS = 16;

  /** No more than the pool of Payara, the larger one, and one for recovery. */
  private static final int DATABASE_CONNECTIONS = 33;

  /** So many files may be open at one moment and not at another. */
  private static final int PASSING_FILES = 3;

  @TempDir Path directory;

  @Test
  void leavesNoThreadClassLoaderConnectionOrFileBehind() throws Exception {
    int count = Integer.getInteger("redeploy.count", TIMES_IN_THE_BUILD);
    int brokerPort = FreePorts.any();
    List<Path> archives = archives();
    try (Postgres database = Application.database();
        StandaloneBroker broker = StandaloneBroker.start(directory, brokerPort);
        TestServer server = TestServer.start(ServerKind.ofThisRun(), setup(database, brokerPort));
        OrdersLoad load = OrdersLoad.start(server, new Messages(brokerPort))) {
      for (int time = 1; time <= WARM_UP; time++) {
        redeploy(server, archives, load, database);
      }
      Leftovers before = Leftovers.of(server.pid());
      OpenFiles serverFiles = OpenFiles.of(server.pid(), database.port());
      OpenFiles brokerFiles = OpenFiles.of(broker.pid(), database.port());
      for (int time = 1; time <= count; time++) {
        redeploy(server, archives, load, database);
        System.out.printf("redeployed %d of %d times, %d orders%n", time, count, load.orders());
      }
      Awaitility.await("nothing is left of what was deployed")
          .atMost(Duration.ofMinutes(4))
          .pollInterval(Duration.ofSeconds(3))
          .untilAsserted(
              () -> {
                Leftovers now = Leftovers.of(server.pid());
                assertThat(now.classLoadersSince(before)).isEmpty();
                assertThat(now.classLoadersNamed("moiety-ra")).isEmpty();
                assertThat(now.threadsNamed("moiety-")).isEmpty();
                assertThat(now.threadsSince(before, POOL_THREADS)).isEmpty();
                OpenFiles nowOpen = OpenFiles.of(server.pid(), database.port());
                assertThat(nowOpen.since(serverFiles, PASSING_FILES)).as("of the server").isEmpty();
                assertThat(nowOpen.toDatabase())
                    .as("connections of the server's pool")
                    .isLessThanOrEqualTo(DATABASE_CONNECTIONS);
                assertThat(
                        OpenFiles.of(broker.pid(), database.port())
                            .since(brokerFiles, PASSING_FILES))
                    .as("of the broker")
                    .isEmpty();
              });
    }
  }

  private static void redeploy(
      TestServer server, List<Path> archives, OrdersLoad load, Postgres database) throws Exception {
    for (Path archive : archives) {
      server.deploy(archive);
    }
    load.awaitOrders(ORDERS_EACH_TIME);
    String message = load.send();
    Awaitility.await("a message-driven bean placed its order")
        .atMost(Duration.ofMinutes(4))
        .until(
            () -> !database.query("select id from orders where id = '" + message + "'").isEmpty());
    for (int last = archives.size() - 1; last >= 0; last--) {
      server.undeploy(archives.get(last));
    }
  }

  /** Without CDI in WildFly, which keeps by itself what is undeployed while a request is there. */
  private List<Path> archives() throws Exception {
    List<Path> archives = Application.archives(directory.resolve("with-cdi"), Mode.XA);
    Path application = directory.resolve("orders.ear");
    ShrinkWrap.createFromZipFile(EnterpriseArchive.class, archives.get(1).toFile())
        .addAsManifestResource(
            "redeploy/jboss-deployment-structure.xml", "jboss-deployment-structure.xml")
        .as(ZipExporter.class)
        .exportTo(application.toFile());
    return List.of(archives.get(0), application);
  }

  private ServerSetup setup(Postgres database, int brokerPort) {
    return new ServerSetup(
        directory.resolve("server"),
        ServerSetup.STANDALONE,
        List.of(Mode.XA.configuration()),
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
