package io.moiety.broker.cli;

import java.util.Optional;
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
    versionProvider = Main.BuildVersion.class)
public final class Main implements Runnable {

  @Spec private CommandSpec spec;

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** The version that the build wrote into the jar's manifest. */
  static final class BuildVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
      String version =
          Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
              .orElse("(not built from a jar)");
      return new String[] {"moiety " + version};
    }
  }
}
