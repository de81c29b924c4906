package io.moiety.arquillian.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.jboss.as.controller.client.ModelControllerClient;
import org.jboss.as.controller.client.helpers.Operations;
import org.jboss.as.controller.client.helpers.standalone.DeploymentAction;
import org.jboss.as.controller.client.helpers.standalone.DeploymentPlan;
import org.jboss.as.controller.client.helpers.standalone.DeploymentPlanBuilder;
import org.jboss.as.controller.client.helpers.standalone.InitialDeploymentPlanBuilder;
import org.jboss.as.controller.client.helpers.standalone.ServerDeploymentActionResult;
import org.jboss.as.controller.client.helpers.standalone.ServerDeploymentManager;
import org.jboss.as.controller.client.helpers.standalone.ServerDeploymentPlanResult;
import org.jboss.as.controller.client.helpers.standalone.ServerUpdateActionResult;
import org.jboss.dmr.ModelNode;
import org.wildfly.core.launcher.Launcher;
import org.wildfly.core.launcher.StandaloneCommandBuilder;

/**
 * WildFly in a directory of its own, with {@code NAME.yml} over the configuration that it comes
 * with; it has PostgreSQL's driver as a module. Its recovery runs every few seconds, as an
 * impatient operator's.
 */
final class WildFlyServer implements TestServer {

  private static final int HTTP_PORT = 8080;
  private static final int MANAGEMENT_PORT = 9990;
  private static final ModelNode ROOT = new ModelNode().setEmptyList();
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  /** Recovery and its status, IIOP, AJP, HTTP, management. */
  private static final List<Integer> PORTS =
      List.of(4712, 4713, 3528, 3529, 8009, HTTP_PORT, 8443, MANAGEMENT_PORT, 9993);

  /** What is done by one request to the management. */
  private interface Actions {
    DeploymentPlanBuilder of(InitialDeploymentPlanBuilder plan) throws IOException;
  }

  private final ServerSetup setup;
  private final int portOffset;
  private volatile Process process;

  private WildFlyServer(ServerSetup setup, int portOffset, Process process) {
    this.setup = setup;
    this.portOffset = portOffset;
    this.process = process;
  }

  static WildFlyServer start(ServerSetup setup) throws IOException {
    Path directory = setup.directory();
    FileTree.copy(
        ServerKind.WILDFLY.home().resolve("standalone/configuration"),
        directory.resolve("configuration"));
    for (String name : setup.configurations()) {
      Configuration.copy(name + ".yml", configuration(directory, name));
    }
    layDriverModule(directory.resolve("modules"));
    Path deployments = Files.createDirectories(directory.resolve("deployments"));
    for (Path archive : setup.archives()) {
      Files.copy(archive, deployments.resolve(archive.getFileName()));
    }
    int portOffset = FreePorts.offset(PORTS);
    WildFlyServer server = new WildFlyServer(setup, portOffset, launch(setup, portOffset));
    server.awaitStartOrClose();
    return server;
  }

  @Override
  public void restart() throws IOException {
    for (Path archive : setup.archives()) {
      Files.deleteIfExists(marker(archive, "deployed"));
    }
    process = launch(setup, portOffset);
    awaitStartOrClose();
  }

  @Override
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    awaitDeath();
  }

  @Override
  public void awaitDeath() throws InterruptedException {
    if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the server lives still\n" + tail());
    }
  }

  /** It does so by itself: see the properties of {@link #launch}. */
  @Override
  public void recover() {}

  @Override
  public void deploy(Path archive) throws IOException {
    manage(plan -> plan.add(archive.toFile()).andDeploy());
  }

  @Override
  public void undeploy(Path archive) throws IOException {
    String name = archive.getFileName().toString();
    manage(plan -> plan.undeploy(name).remove(name));
  }

  /** Not by the scanner, which acts when it looks the next time. */
  private void manage(Actions actions) throws IOException {
    try (ModelControllerClient client = client();
        ServerDeploymentManager manager = ServerDeploymentManager.Factory.create(client)) {
      DeploymentPlan plan = actions.of(manager.newDeploymentPlan()).build();
      ServerDeploymentPlanResult result =
          manager.execute(plan).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      for (DeploymentAction action : plan.getDeploymentActions()) {
        ServerDeploymentActionResult done = result.getDeploymentActionResult(action.getId());
        // What was refused as a whole has no exception, it was just not executed.
        if (done.getResult() != ServerUpdateActionResult.Result.EXECUTED) {
          throw new AssertionError(
              "%s: %s%n%s".formatted(action.getType(), done.getResult(), tail()),
              done.getDeploymentException());
        }
      }
    } catch (InterruptedException | ExecutionException | TimeoutException failure) {
      throw new AssertionError(tail(), failure);
    }
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public URI root() {
    return URI.create("http://localhost:" + (HTTP_PORT + portOffset) + "/");
  }

  @Override
  public String tail() {
    return FileTree.tail(console(setup.directory()));
  }

  @Override
  public void close() {
    try {
      kill();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitStartOrClose() {
    try {
      Awaitility.await("WildFly runs")
          .atMost(TIMEOUT)
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(this::runs);
      setup.archives().forEach(this::awaitDeployment);
    } catch (RuntimeException | Error notReady) {
      close();
      throw notReady;
    }
  }

  /** Its management listens before that, and refuses every request until the boot is over. */
  private boolean runs() throws IOException {
    if (!process.isAlive()) {
      throw new AssertionError("WildFly ended while it started\n" + tail());
    }
    try (ModelControllerClient client = client()) {
      ModelNode state =
          client.execute(Operations.createReadAttributeOperation(ROOT, "server-state"));
      return Operations.isSuccessfulOutcome(state)
          && "running".equals(Operations.readResult(state).asString());
    }
  }

  private ModelControllerClient client() throws IOException {
    return ModelControllerClient.Factory.create("127.0.0.1", MANAGEMENT_PORT + portOffset);
  }

  private void awaitDeployment(Path archive) {
    Awaitility.await(archive.getFileName() + " is deployed")
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              if (!process.isAlive() || Files.exists(marker(archive, "failed"))) {
                throw new AssertionError(archive.getFileName() + " was not deployed\n" + tail());
              }
              return Files.exists(marker(archive, "deployed"));
            });
  }

  /** The deployment scanner and its users tell each other by files beside the archive. */
  private Path marker(Path archive, String state) {
    return setup.directory().resolve("deployments").resolve(archive.getFileName() + "." + state);
  }

  private static Process launch(ServerSetup setup, int portOffset) throws IOException {
    Path wildfly = ServerKind.WILDFLY.home();
    Path directory = setup.directory();
    StandaloneCommandBuilder command =
        StandaloneCommandBuilder.of(wildfly)
            .setBaseDirectory(directory)
            .setServerConfiguration(setup.base())
            .setYamlFiles(
                setup.configurations().stream()
                    .map(name -> configuration(directory, name))
                    .toArray(Path[]::new))
            .addModuleDir(directory.resolve("modules").toString())
            .addModuleDir(wildfly.resolve("modules").toString())
            .addJavaOptions("-Xmx512m")
            .addJavaOptions(setup.options().toArray(String[]::new));
    command.addServerArguments(
        "-Djboss.socket.binding.port-offset=" + portOffset,
        "-Djboss.tx.node.id=test-" + portOffset,
        "-DRecoveryEnvironmentBean.periodicRecoveryPeriod=3",
        "-DRecoveryEnvironmentBean.recoveryBackoffPeriod=1");
    setup
        .properties()
        .forEach((name, value) -> command.addServerArgument("-D" + name + "=" + value));
    return Launcher.of(command)
        .setRedirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(console(directory).toFile()))
        .launch();
  }

  private static Path configuration(Path directory, String name) {
    return directory.resolve("configuration").resolve(name + ".yml");
  }

  private static Path console(Path directory) {
    return directory.resolve("console.log");
  }

  private static void layDriverModule(Path modules) throws IOException {
    Path module = Files.createDirectories(modules.resolve("org/postgresql/main"));
    Files.copy(Jars.of(org.postgresql.Driver.class), module.resolve("postgresql.jar"));
    Configuration.copy("postgresql-module.xml", module.resolve("module.xml"));
  }
}
