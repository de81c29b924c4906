package io.moiety.shop.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.wildfly.core.launcher.Launcher;
import org.wildfly.core.launcher.StandaloneCommandBuilder;

/**
 * WildFly with the adapter and the shop, as a child process. It is stopped by {@link #close}, and
 * when this JVM ends in any way that runs shutdown hooks (Ctrl-C too).
 *
 * <p>Any thread; stopping twice does no harm.
 */
final class ShopServer implements AutoCloseable {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
  private static final int TAIL_LINES = 30;

  private final Process process;
  private final ServerDirectory directory;
  private final URI page;
  private volatile boolean stopped;

  private ShopServer(Process process, ServerDirectory directory, URI page) {
    this.process = process;
    this.directory = directory;
    this.page = page;
  }

  /** Starts the process. When this method returns the server is booting. */
  static ShopServer start(
      Path wildfly, ServerDirectory directory, Ports ports, Duration paymentTimeout) {
    StandaloneCommandBuilder command =
        StandaloneCommandBuilder.of(wildfly)
            .setBaseDirectory(directory.path())
            .setServerConfiguration("standalone.xml")
            .setYamlFiles(directory.yaml());
    command.addServerArguments(
        "-Djboss.http.port=" + ports.http(),
        "-Djboss.management.http.port=" + ports.management(),
        "-Djboss.tx.node.id=moiety-demo",
        "-Dshop.paymentTimeoutMillis=" + paymentTimeout.toMillis());
    try {
      Process process =
          Launcher.of(command)
              .setRedirectErrorStream(true)
              .redirectOutput(directory.output())
              .launch();
      ShopServer server =
          new ShopServer(
              process, directory, URI.create("http://localhost:" + ports.http() + "/shop/"));
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop-server"));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start WildFly in " + wildfly, e);
    }
  }

  URI page() {
    return page;
  }

  /**
   * Waits until the page and the orders behind it are there.
   *
   * @throws DemoException when the server ended, a deployment failed, or the time is over; with the
   *     end of what the server printed
   */
  void awaitReady(ShopClient shop, Duration timeout) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + timeout.toNanos();
    while (!shop.answers()) {
      if (!process.isAlive()) {
        throw failure("The server ended while it started (exit code " + process.exitValue() + ")");
      }
      List<Path> failed = directory.failedDeployments();
      if (!failed.isEmpty()) {
        throw failure("Not deployed, see " + failed);
      }
      if (System.nanoTime() - deadlineNanos > 0) {
        throw failure("The page did not answer within " + timeout.toSeconds() + " s");
      }
      TimeUnit.MILLISECONDS.sleep(250);
    }
  }

  /**
   * Returns when the server has ended.
   *
   * @return whether it was asked to
   */
  boolean awaitEnd() throws InterruptedException {
    process.waitFor();
    return stopped;
  }

  @Override
  public void close() {
    stopped = true;
    process.destroy();
    boolean interrupted = false;
    try {
      if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private DemoException failure(String what) {
    return new DemoException(
        what + ". The end of " + directory.output() + ":\n" + tail(directory.output()));
  }

  private static String tail(Path output) {
    try {
      List<String> lines = Files.readAllLines(output);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "(it cannot be read: " + e.getMessage() + ")";
    }
  }
}
