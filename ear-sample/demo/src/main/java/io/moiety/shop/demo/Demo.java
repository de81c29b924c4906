package io.moiety.shop.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command behind the script {@code demo}, which builds what is needed and passes the paths.
 *
 * <p>Without {@code --check} the server's directory is kept, so that orders and messages outlive a
 * stop. A check has a directory of its own, deleted when all held and kept for a look when not.
 */
@Command(
    name = "demo",
    description = "Starts WildFly with the Moiety resource adapter and a small shop.",
    sortOptions = false,
    abbreviateSynopsis = true,
    exitCodeOnInvalidInput = 2)
final class Demo implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final Duration START_TIMEOUT = Duration.ofMinutes(4);
  private static final Duration PAYMENT_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration CHECK_PAYMENT_TIMEOUT = Duration.ofSeconds(3);

  @Option(
      names = "--check",
      description =
          "Drive the shop through its scenario, print one line a step, and stop. "
              + "Exit code 0 only if all held. Uses free ports.")
  private boolean check;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "${env:MOIETY_HTTP_PORT:-0}",
      description = "HTTP port of the page. Also MOIETY_HTTP_PORT. Default: 8080.")
  private int httpPort;

  @Option(
      names = "--management-port",
      paramLabel = "PORT",
      defaultValue = "${env:MOIETY_MANAGEMENT_PORT:-0}",
      description = "WildFly's management port. Also MOIETY_MANAGEMENT_PORT. Default: 9990.")
  private int managementPort;

  @Option(names = "--wildfly", hidden = true, required = true)
  private Path wildfly;

  @Option(names = "--archive", hidden = true, required = true)
  private List<Path> archives;

  @Option(names = "--directory", hidden = true, required = true)
  private Path directory;

  private final PrintStream out = System.out;

  private Demo() {}

  public static void main(String[] args) {
    CommandLine command = new CommandLine(new Demo());
    command.setExecutionExceptionHandler(
        (failure, line, parsed) -> {
          if (failure instanceof DemoException) {
            line.getErr().println(failure.getMessage());
          } else {
            failure.printStackTrace(line.getErr());
          }
          return FAILED;
        });
    System.exit(command.execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    return check ? check() : stay();
  }

  private int stay() throws InterruptedException {
    Ports ports = Ports.wellKnown(httpPort, managementPort);
    Path serverDirectory = directory.resolve("server");
    try (ServerDirectory server = ServerDirectory.open(serverDirectory, wildfly, archives);
        ShopServer shop = start(server, ports, PAYMENT_TIMEOUT)) {
      shop.awaitReady(new ShopClient(shop.page()), START_TIMEOUT);
      out.println();
      out.println("  The shop:  " + shop.page());
      out.println("  Log:       " + serverDirectory.resolve("log/server.log"));
      out.println("  Stop:      Ctrl-C. Orders and messages are kept in " + serverDirectory);
      out.println();
      if (shop.awaitEnd()) {
        return 0;
      }
    }
    throw new DemoException(
        "The server has stopped by itself; its log is in " + serverDirectory + "/log.");
  }

  private int check() throws InterruptedException {
    Ports ports = Ports.anyFree(httpPort, managementPort);
    Path serverDirectory = newCheckDirectory();
    Steps steps = new Steps(out);
    try (ServerDirectory server = ServerDirectory.open(serverDirectory, wildfly, archives);
        ShopServer shop = start(server, ports, CHECK_PAYMENT_TIMEOUT)) {
      check(shop, steps);
    }
    out.println(steps.passed() + " passed, " + steps.failed() + " failed");
    if (steps.failed() > 0) {
      out.println("The server's log is in " + serverDirectory + "/log.");
      return FAILED;
    }
    ServerDirectory.delete(serverDirectory);
    return 0;
  }

  private static void check(ShopServer shop, Steps steps) throws InterruptedException {
    ShopClient client = new ShopClient(shop.page());
    shop.awaitReady(client, START_TIMEOUT);
    try (LiveOrders live = client.follow()) {
      new ShopScenario(client, live, steps, CHECK_PAYMENT_TIMEOUT).run();
    }
  }

  private ShopServer start(ServerDirectory server, Ports ports, Duration paymentTimeout) {
    out.println(
        "Starting WildFly on port "
            + ports.http()
            + " (management "
            + ports.management()
            + "), which takes some seconds.");
    return ShopServer.start(wildfly, server, ports, paymentTimeout);
  }

  private Path newCheckDirectory() {
    try {
      return Files.createTempDirectory(Files.createDirectories(directory), "check-");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a directory in " + directory, e);
    }
  }
}
