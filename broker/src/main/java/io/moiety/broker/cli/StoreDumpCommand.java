package io.moiety.broker.cli;

import io.moiety.broker.log.LogDamage;
import io.moiety.broker.log.LogInspection;
import io.moiety.broker.log.LogReport;
import io.moiety.broker.log.LogVisitor;
import io.moiety.protocol.RecordView;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moiety store dump}: shows records, also those behind a damage. */
@Command(
    name = "dump",
    description = "Shows the records of the log, one a line; goes on behind damage.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:shown to the end",
      "1:shown to the end, with damage in between",
      "2:there is no log, or it cannot be read"
    })
final class StoreDumpCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "The store: what storePathRootDir names.")
  private Path directory = Path.of("");

  @Option(
      names = "--from",
      paramLabel = "POSITION",
      description = "Begin there; without it at the log's begin.")
  private long from;

  @Option(names = "--to", paramLabel = "POSITION", description = "Show what begins before it.")
  private long to = Long.MAX_VALUE;

  @Option(names = "--topic", paramLabel = "TOPIC", description = "Only records of this topic.")
  private @Nullable String topic;

  @Option(names = "--json", description = "A JSON object a line.")
  private boolean json;

  @Option(names = "--body", description = "With the first 256 bytes of each body.")
  private boolean body;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    RecordText text = json ? new JsonRecordText(body) : new LineRecordText(body);
    try {
      LogReport report = LogInspection.inspect(directory, from, new Shown(text, out));
      return report.healthy() ? ExitCode.OK : StoreCommand.DAMAGED;
    } catch (UncheckedIOException unreadable) {
      return StoreCommand.unreadable(spec, directory, unreadable);
    } finally {
      out.flush();
    }
  }

  /** Prints what was asked for. */
  private final class Shown implements LogVisitor {
    private final RecordText text;
    private final PrintWriter out;

    Shown(RecordText text, PrintWriter out) {
      this.text = text;
      this.out = out;
    }

    @Override
    public void record(RecordView record) {
      if (record.position() < to && (topic == null || topic.equals(record.topic()))) {
        out.println(text.of(record));
      }
    }

    @Override
    public void damage(LogDamage damage) {
      if (damage.position() < to) {
        out.println(text.of(damage));
      }
    }
  }
}
