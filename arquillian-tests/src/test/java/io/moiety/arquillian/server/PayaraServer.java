package io.moiety.arquillian.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * Payara with a domain in a directory of its own, configured by the commands in {@code
 * NAME.asadmin}; it has PostgreSQL's driver in its {@code lib}. The JVM that is killed is a child
 * of the launcher's, which ends with it.
 */
final class PayaraServer implements TestServer {

  private static final Duration TIMEOUT = Duration.ofMinutes(4);
  private static final String DOMAIN = "moiety";

  private final ServerSetup setup;
  private final PayaraDomain domain;
  private final PayaraScript script;
  private volatile Process launcher;
  private volatile ProcessHandle server;
  private final Asadmin asadmin;

  private PayaraServer(ServerSetup setup, PayaraDomain domain, Process launcher, Asadmin asadmin) {
    this.setup = setup;
    this.domain = domain;
    this.script =
        new PayaraScript(
            setup.configurations().stream()
                .map(name -> Configuration.text(name + ".asadmin"))
                .collect(Collectors.joining("\n")));
    this.launcher = launcher;
    this.server = launcher.toHandle();
    this.asadmin = asadmin;
  }

  static PayaraServer start(ServerSetup setup) throws IOException {
    Path directory = setup.directory();
    PayaraDomain domain =
        PayaraDomain.lay(directory.resolve("domains").resolve(DOMAIN), setup.jvmOptions(), "");
    Files.copy(
        Jars.of(org.postgresql.Driver.class), domain.directory().resolve("lib/postgresql.jar"));
    PayaraServer payara =
        new PayaraServer(setup, domain, launch(setup), Asadmin.open(domain.adminPort()));
    try {
      payara.awaitStart();
      payara.asadmin.runAll(payara.script.before());
      for (Path archive : setup.archives()) {
        payara.deploy(archive);
      }
      return payara;
    } catch (IOException | RuntimeException | Error notReady) {
      payara.close();
      throw notReady;
    }
  }

  @Override
  public void restart() throws IOException {
    launcher = launch(setup);
    awaitStart();
  }

  @Override
  public void kill() throws InterruptedException {
    server.destroyForcibly();
    launcher.destroyForcibly();
    awaitDeath();
  }

  @Override
  public void awaitDeath() throws InterruptedException {
    try {
      server.onExit().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException late) {
      throw new AssertionError("the server lives still\n" + tail(), late);
    }
    launcher.destroyForcibly();
    launcher.waitFor();
  }

  @Override
  public void recover() throws IOException {
    asadmin.run("recover-transactions server");
  }

  @Override
  public void deploy(Path archive) throws IOException {
    asadmin.runAll(script.deployment(archive));
  }

  @Override
  public void undeploy(Path archive) throws IOException {
    asadmin.run("undeploy --cascade=true " + Asadmin.deployment(archive));
  }

  @Override
  public long pid() {
    return server.pid();
  }

  @Override
  public URI root() {
    return URI.create("http://localhost:" + domain.httpPort() + "/");
  }

  @Override
  public String tail() {
    return FileTree.tail(console(setup));
  }

  @Override
  public void close() {
    asadmin.close();
    try {
      kill();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Until the administration answers. */
  private void awaitStart() {
    Awaitility.await("Payara answers")
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(250))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              if (!launcher.isAlive()) {
                throw new AssertionError("Payara ended while it started\n" + tail());
              }
              try (Socket probe =
                  new Socket(InetAddress.getLoopbackAddress(), domain.adminPort())) {
                return probe.isConnected() && startedSince();
              }
            });
    Awaitility.await("Payara's administration answers")
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(250))
        .untilAsserted(() -> asadmin.run("uptime"));
    server =
        launcher
            .children()
            .findFirst()
            .orElseThrow(() -> new AssertionError("Payara has no process\n" + tail()));
  }

  /** The launcher prints what the server logs; each start begins a new file. */
  private boolean startedSince() throws IOException {
    return Files.readString(console(setup)).contains("startup time");
  }

  private static Process launch(ServerSetup setup) throws IOException {
    Path console = console(setup);
    if (Files.exists(console)) {
      Files.move(
          console, console.resolveSibling("console-until-" + System.currentTimeMillis() + ".log"));
    }
    ProcessBuilder builder =
        new ProcessBuilder(
                PayaraDomain.asadmin(
                    "start-domain",
                    "--verbose",
                    "--domaindir",
                    setup.directory().resolve("domains").toString(),
                    DOMAIN))
            .redirectErrorStream(true)
            .redirectOutput(console.toFile());
    PayaraDomain.useThisJava(builder.environment());
    return builder.start();
  }

  private static Path console(ServerSetup setup) {
    return setup.directory().resolve("console.log");
  }
}
