package io.moiety.broker.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moiety broker}: runs until the process is told to end. */
@Command(
    name = "broker",
    description = "Runs a broker until it is told to end (Ctrl-C, SIGTERM).",
    mixinStandardHelpOptions = true,
    versionProvider = Main.BuildVersion.class)
final class BrokerCommand implements Callable<Integer> {

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Properties under RocketMQ's names; without it the defaults hold.")
  private @Nullable Path configFile;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      description = "Instead of listenPort; 0 takes a free port.")
  private @Nullable String port;

  @Option(names = "--store", paramLabel = "DIR", description = "Instead of storePathRootDir.")
  private @Nullable Path store;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    BrokerConfig config = BrokerConfig.of(properties(), Profile.STANDALONE);
    PrintWriter out = spec.commandLine().getOut();
    Broker broker = Broker.start(config);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  broker.close();
                  out.println("Moiety broker " + config.brokerName() + " has stopped");
                },
                "moiety-stop"));
    out.println(
        "Moiety broker "
            + config.brokerName()
            + " is ready on "
            + config.network().bindAddress()
            + ":"
            + broker.address().getPort()
            + ", store "
            + config.store().directory());
    new CountDownLatch(1).await();
    return 0;
  }

  private Properties properties() throws IOException {
    Properties properties = new Properties();
    if (configFile != null) {
      try (Reader reader = Files.newBufferedReader(configFile, UTF_8)) {
        properties.load(reader);
      }
    }
    if (port != null) {
      properties.setProperty("listenPort", port);
    }
    if (store != null) {
      properties.setProperty("storePathRootDir", store.toString());
    }
    return properties;
  }
}
