package io.moiety.arquillian.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.wildfly.core.launcher.Launcher;
import org.wildfly.core.launcher.StandaloneCommandBuilder;

/**
 * WildFly with the adapter and the application of this package, in a directory of its own that
 * outlives kills. Its recovery runs every few seconds, as an impatient operator's.
 */
final class CrashServer implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
  private static final int TAIL_LINES = 60;

  private final Path directory;
  private final Path wildfly;
  private final List<String> options;
  private final int httpPort;
  private final HttpClient http = HttpClient.newHttpClient();
  private Process process;

  private CrashServer(
      Path directory, Path wildfly, List<String> options, int httpPort, Process process) {
    this.directory = directory;
    this.wildfly = wildfly;
    this.options = options;
    this.httpPort = httpPort;
    this.process = process;
  }

  /** Lays the directory, starts, and waits until the application answers. */
  static CrashServer start(Path directory, List<Path> archives, List<String> options) {
    Path wildfly = Path.of(System.getProperty("wildfly.home"));
    int offset = Integer.getInteger("wildfly.portOffset");
    List<String> all = new ArrayList<>(options);
    all.add("-Djboss.socket.binding.port-offset=" + offset);
    try {
      copyTree(wildfly.resolve("standalone/configuration"), directory.resolve("configuration"));
      copyResource("crash.yml", directory.resolve("configuration/crash.yml"));
      copyResource("crash.btm", directory.resolve("crash.btm"));
      layDriverModule(directory.resolve("modules"));
      Path deployments = Files.createDirectories(directory.resolve("deployments"));
      for (Path archive : archives) {
        Files.copy(archive, deployments.resolve(archive.getFileName()));
      }
      CrashServer server =
          new CrashServer(directory, wildfly, all, 8080 + offset, launch(directory, wildfly, all));
      try {
        server.awaitReady();
        return server;
      } catch (RuntimeException | AssertionError notReady) {
        server.close();
        throw notReady;
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Starts again after the process has died; everything in the directory is as it was. */
  void restart() throws IOException {
    process = launch(directory, wildfly, options);
    awaitReady();
  }

  /** Asks the application; the answer's status. */
  int ask(String query) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + httpPort + "/crash/" + query))
            .timeout(Duration.ofMinutes(2))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  /** Waits until the process has killed itself. */
  void awaitDeath() throws InterruptedException {
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      throw new AssertionError("the server lives still\n" + tail());
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      awaitDeath();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The end of what the server printed, for a failing test. */
  String tail() {
    try {
      List<String> lines = Files.readAllLines(directory.resolve("console.log"));
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException failure) {
      return failure.toString();
    }
  }

  private void awaitReady() {
    Awaitility.await("the application answers")
        .atMost(START_TIMEOUT)
        .pollInterval(Duration.ofMillis(250))
        .ignoreExceptions()
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError("the server ended while it started\n" + tail());
              }
              return ask("") == 200;
            });
  }

  private static Process launch(Path directory, Path wildfly, List<String> options)
      throws IOException {
    Path byteman = jarOf(org.jboss.byteman.agent.Main.class);
    StandaloneCommandBuilder command =
        StandaloneCommandBuilder.of(wildfly)
            .setBaseDirectory(directory)
            .setServerConfiguration("standalone.xml")
            .setYamlFiles(directory.resolve("configuration/crash.yml"))
            .addModuleDir(directory.resolve("modules").toString())
            .addModuleDir(wildfly.resolve("modules").toString())
            .addJavaOptions(
                "-Xmx512m",
                "-javaagent:"
                    + byteman
                    + "=script:"
                    + directory.resolve("crash.btm")
                    + ",boot:"
                    + byteman,
                "-Djboss.modules.system.pkgs=org.jboss.byteman",
                "-Dorg.jboss.byteman.transform.all=true");
    command.addServerArguments(
        "-Djboss.tx.node.id=crash",
        "-DRecoveryEnvironmentBean.periodicRecoveryPeriod=3",
        "-DRecoveryEnvironmentBean.recoveryBackoffPeriod=1");
    command.addServerArguments(options.toArray(String[]::new));
    return Launcher.of(command)
        .setRedirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("console.log").toFile()))
        .launch();
  }

  private static void layDriverModule(Path modules) throws IOException {
    Path driver = jarOf(org.postgresql.Driver.class);
    Path module = Files.createDirectories(modules.resolve("org/postgresql/main"));
    Files.copy(driver, module.resolve("postgresql.jar"));
    Files.writeString(
        module.resolve("module.xml"),
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <module xmlns="urn:jboss:module:1.9" name="org.postgresql">
          <resources><resource-root path="postgresql.jar"/></resources>
          <dependencies>
            <module name="java.se"/><module name="jdk.net"/><module name="java.naming"/>
            <module name="jakarta.transaction.api"/>
          </dependencies>
        </module>
        """);
  }

  private static Path jarOf(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
  }

  private static void copyResource(String name, Path to) throws IOException {
    try (var resource = CrashServer.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new IllegalStateException(name + " is not among the test's resources");
      }
      Files.copy(resource, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
