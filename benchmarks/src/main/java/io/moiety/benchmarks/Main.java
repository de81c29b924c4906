package io.moiety.benchmarks;

import io.moiety.benchmarks.compare.CompareCommand;
import io.moiety.benchmarks.compare.CompareJmsCommand;
import io.moiety.benchmarks.torture.TortureCommand;
import java.io.IOException;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of {@code java -jar benchmarks.jar}. */
@Command(
    name = "benchmarks",
    description =
        "Measures Moiety: its parts (jmh), the whole beside Apache RocketMQ (compare) or Artemis"
            + " (compare-jms); or kills it again and again (torture).",
    mixinStandardHelpOptions = true,
    subcommands = {CompareCommand.class, CompareJmsCommand.class, TortureCommand.class})
public final class Main implements Runnable {

  private Main() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length > 0 && arguments[0].equals("jmh")) {
      org.openjdk.jmh.Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
      return;
    }
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }
}
