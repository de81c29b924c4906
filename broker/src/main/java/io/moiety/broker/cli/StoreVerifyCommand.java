package io.moiety.broker.cli;

import io.moiety.broker.log.LogInspection;
import io.moiety.broker.log.LogReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code moiety store verify}: reads every byte of the log and says what is not as it should be.
 */
@Command(
    name = "verify",
    description = "Reads the whole log and tells every damage.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:the log is intact (what a crash cut off at its end is no damage)",
      "1:there is damage",
      "2:there is no log, or it cannot be read"
    })
final class StoreVerifyCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "The store: what storePathRootDir names.")
  private Path directory = Path.of("");

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try {
      SegmentTally tally = SegmentTally.of(directory);
      LogReport report = LogInspection.inspect(directory, tally);
      new VerifyText(report, tally).print(out);
      return report.healthy() ? ExitCode.OK : StoreCommand.DAMAGED;
    } catch (UncheckedIOException unreadable) {
      return StoreCommand.unreadable(spec, directory, unreadable);
    } finally {
      out.flush();
    }
  }
}
