package io.moiety.arquillian.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database row and a message in one transaction, and a process that dies at one of its steps:
 * after recovery both are there or neither is, and nothing is in doubt.
 */
class TransactionCrashIT {
  private static final Duration RECOVERY_TIMEOUT = Duration.ofMinutes(3);

  @TempDir Path directory;
  private Rows rows;
  private int brokerPort;
  private Messages messages;
  private final List<String> expected = new ArrayList<>();

  @BeforeEach
  void startDatabase() throws Exception {
    rows = Rows.start();
    brokerPort = freePort();
    messages = new Messages(brokerPort);
  }

  @AfterEach
  void stopDatabase() throws IOException {
    rows.close();
  }

  @Test
  void rowAndMessageAgreeWhenTheServerDiesWithTheBrokerInIt() throws Exception {
    try (CrashServer server =
        startServer("-Dmoiety.listenPort=" + brokerPort, "-Dmoiety.bindAddress=127.0.0.1")) {
      assertThat(server.ask("?place=first")).isEqualTo(200);
      expected.add("first");
      for (KillPoint point :
          List.of(
              KillPoint.PREPARE_ENTRY,
              KillPoint.PREPARE_EXIT,
              KillPoint.DATABASE_COMMIT_ENTRY,
              KillPoint.COMMIT_ENTRY,
              KillPoint.COMMIT_EXIT)) {
        dieInSend(server, point);
      }
      for (KillPoint point :
          List.of(KillPoint.PREPARE_EXIT, KillPoint.DATABASE_COMMIT_ENTRY, KillPoint.COMMIT_EXIT)) {
        dieInReceive(server, point);
      }
    }
  }

  @Test
  void rowAndMessageAgreeWhenTheBrokerDies() throws Exception {
    try (StandaloneBroker broker = StandaloneBroker.start(directory, brokerPort);
        CrashServer server = startServer("-Dmoiety.addresses=127.0.0.1:" + brokerPort)) {
      for (KillPoint point :
          List.of(
              KillPoint.BROKER_PREPARE_ENTRY,
              KillPoint.BROKER_PREPARE_EXIT,
              KillPoint.BROKER_COMMIT_ENTRY)) {
        String id = "out-" + point;
        server.ask("?arm=" + point + "&pid=" + broker.pid());
        server.ask("?place=" + id);
        broker.restartAfterDeath();
        assertAgreement(server, point, id, point.commits());
      }
      for (KillPoint point :
          List.of(KillPoint.BROKER_PREPARE_EXIT, KillPoint.BROKER_COMMIT_ENTRY)) {
        String id = "in-" + point;
        server.ask("?arm=" + point + "&pid=" + broker.pid());
        messages.send("in", id);
        broker.restartAfterDeath();
        assertAgreement(server, point, id, true);
      }
    }
  }

  private void dieInSend(CrashServer server, KillPoint point) throws Exception {
    String id = "out-" + point;
    server.ask("?arm=" + point);
    try {
      server.ask("?place=" + id);
    } catch (IOException died) {
      assertThat(died).isNotNull();
    }
    server.awaitDeath();
    server.restart();
    assertAgreement(server, point, id, point.commits());
  }

  /**
   * A message whose first delivery ends in a crash is delivered again, so its row comes in the end.
   */
  private void dieInReceive(CrashServer server, KillPoint point) throws Exception {
    String id = "in-" + point;
    server.ask("?arm=" + point);
    messages.send("in", id);
    server.awaitDeath();
    server.restart();
    assertAgreement(server, point, id, true);
  }

  private void assertAgreement(CrashServer server, KillPoint point, String id, boolean there)
      throws Exception {
    if (there) {
      expected.add(id);
    }
    Awaitility.await("nothing is in doubt after " + point + " and all that is committed is there")
        .atMost(RECOVERY_TIMEOUT)
        .pollInterval(Duration.ofMillis(500))
        .ignoreExceptions()
        .until(
            () ->
                rows.branchesInDoubt() == 0
                    && messages.branchesInDoubt() == 0
                    && rows.all().size() >= expected.size()
                    && messages.in("out").size() >= expected.size());
    assertThat(rows.all()).as(server::tail).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(messages.in("out")).as(server::tail).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(messages.in("in")).isEmpty();
  }

  private CrashServer startServer(String... brokerOptions) throws IOException {
    Path archives = Files.createDirectories(directory.resolve("archives"));
    Path application = archives.resolve("crash.war");
    ShrinkWrap.create(WebArchive.class, "crash.war")
        .addClasses(Orders.class, IncomingOrders.class, CrashServlet.class)
        .as(ZipExporter.class)
        .exportTo(application.toFile());
    List<String> options = new ArrayList<>(List.of(brokerOptions));
    options.add("-Dcrash.postgresPort=" + rows.port());
    return CrashServer.start(
        directory.resolve("server"),
        List.of(Path.of(System.getProperty("moiety.rar")), application),
        options);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
