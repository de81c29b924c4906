package io.moiety.broker.cli;

import io.moiety.client.DelayOutcome;
import io.moiety.protocol.body.DelayedBody;
import io.moiety.protocol.body.DelayedListBody;
import io.moiety.protocol.body.JsonBodies;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moiety delayed}: messages of a running broker that wait for their time. */
@Command(
    name = "delayed",
    description = "Lists, cancels and delivers messages that wait for their time.",
    mixinStandardHelpOptions = true,
    subcommands = {
      DelayedCommand.ListDelayed.class,
      DelayedCommand.Cancel.class,
      DelayedCommand.Deliver.class
    })
final class DelayedCommand implements Runnable {

  /** Exit code: it was too late, or there is no such message. */
  private static final int TOO_LATE = 1;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** {@code moiety delayed list}. */
  @Command(
      name = "list",
      description = "Lists what waits: by level, then by time.",
      mixinStandardHelpOptions = true,
      exitCodeListHeading = "Exit codes:%n",
      exitCodeList = {"0:listed", "1:the broker refused or cannot be reached"})
  static final class ListDelayed implements Callable<Integer> {

    @Mixin private BrokerOptions broker = new BrokerOptions();

    @Option(names = "--topic", paramLabel = "TOPIC", description = "Only what goes to this topic.")
    private @Nullable String topic;

    @Option(
        names = "--max",
        paramLabel = "COUNT",
        description = "So many at most; ${DEFAULT-VALUE} without it.")
    private int max = 1_000;

    @Option(names = "--json", description = "A JSON object a line.")
    private boolean json;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
      PrintWriter out = spec.commandLine().getOut();
      try (BrokerOptions.Asking asking = broker.connect()) {
        Optional<String> from = Optional.empty();
        long left = max;
        do {
          Optional<String> next = from;
          DelayedListBody page =
              asking.ask(asked -> asked.delayed(Optional.ofNullable(topic), next));
          page.messages().stream().limit(left).map(this::line).forEach(out::println);
          left -= page.messages().size();
          from = Optional.ofNullable(page.next());
        } while (from.isPresent() && left > 0);
      } finally {
        out.flush();
      }
      return ExitCode.OK;
    }

    private String line(DelayedBody message) {
      if (json) {
        return StandardCharsets.UTF_8.decode(JsonBodies.write(message)).toString();
      }
      return "%s  due %s  topic %s  queue %d%s%s%s  %d bytes"
          .formatted(
              message.id(),
              Instant.ofEpochMilli(message.dueMillis()),
              message.topic(),
              message.queueId(),
              word("level", message.level()),
              word("uniqueKey", message.uniqueKey()),
              word("keys", message.keys()),
              message.bodyBytes());
    }

    private static String word(String name, @Nullable Object value) {
      return value == null ? "" : "  " + name + " " + value;
    }
  }

  /** {@code moiety delayed cancel}. */
  @Command(name = "cancel", description = "Sees that a message is never delivered.")
  static final class Cancel extends Decision {
    @Override
    DelayOutcome decide(BrokerOptions.Asking asking, String id, Optional<String> by)
        throws InterruptedException {
      return asking.ask(asked -> asked.cancelDelayed(id, by));
    }

    @Override
    boolean isDone(DelayOutcome outcome) {
      return outcome == DelayOutcome.CANCELLED;
    }
  }

  /** {@code moiety delayed deliver}. */
  @Command(name = "deliver", description = "Delivers a message now.")
  static final class Deliver extends Decision {
    @Override
    DelayOutcome decide(BrokerOptions.Asking asking, String id, Optional<String> by)
        throws InterruptedException {
      return asking.ask(asked -> asked.deliverDelayed(id, by));
    }

    @Override
    boolean isDone(DelayOutcome outcome) {
      return outcome == DelayOutcome.DELIVERED;
    }
  }

  /** What the two have in common. */
  @Command(
      mixinStandardHelpOptions = true,
      exitCodeListHeading = "Exit codes:%n",
      exitCodeList = {
        "0:it is so, and in the log",
        "1:it was too late, it is unknown, or the broker refused or cannot be reached"
      })
  abstract static sealed class Decision implements Callable<Integer> permits Cancel, Deliver {

    @Mixin private BrokerOptions broker = new BrokerOptions();

    @Parameters(paramLabel = "ID", description = "As 'moiety delayed list' tells it.")
    private String id = "";

    @Option(
        names = "--by",
        paramLabel = "NAME",
        description = "Who decides; told in the broker's log with the user and the address.")
    private @Nullable String by;

    @Spec private CommandSpec spec;

    abstract DelayOutcome decide(BrokerOptions.Asking asking, String id, Optional<String> by)
        throws InterruptedException;

    abstract boolean isDone(DelayOutcome outcome);

    @Override
    public Integer call() throws IOException, InterruptedException {
      PrintWriter out = spec.commandLine().getOut();
      try (BrokerOptions.Asking asking = broker.connect()) {
        DelayOutcome outcome = decide(asking, id, Optional.ofNullable(by));
        out.println(id + " is " + outcome);
        return isDone(outcome) ? ExitCode.OK : TOO_LATE;
      } finally {
        out.flush();
      }
    }
  }
}
