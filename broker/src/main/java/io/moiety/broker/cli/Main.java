package io.moiety.broker.cli;

import io.moiety.broker.Broker;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Entry point of {@code java -jar moiety.jar}. */
@Command(
    name = "moiety",
    description = "A message broker that stores half messages.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.BuildVersion.class,
    subcommands = {
      BrokerCommand.class,
      StoreCommand.class,
      TransactionsCommand.class,
      DelayedCommand.class
    })
public final class Main implements Runnable {

  private static final String LOGGING = "logback.configurationFile";

  @Spec private CommandSpec spec;

  private Main() {}

  public static void main(String[] arguments) {
    if (System.getProperty(LOGGING) == null) {
      ConsoleLogging.begin();
    }
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main()).setExecutionExceptionHandler(new StartFailures());
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** The version that the build wrote into the jar's manifest. */
  static final class BuildVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
      return new String[] {"moiety " + Broker.version()};
    }
  }
}
