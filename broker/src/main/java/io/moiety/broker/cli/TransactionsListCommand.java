package io.moiety.broker.cli;

import io.moiety.client.TransactionQuery;
import io.moiety.protocol.body.TransactionListBody;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code moiety transactions list}. */
@Command(
    name = "list",
    description = {
      "Lists what waits for a decision: open and parked half messages, active, prepared and"
          + " heuristically decided branches."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:listed", "1:the broker refused or cannot be reached"})
final class TransactionsListCommand implements Callable<Integer> {

  @Mixin private BrokerOptions broker = new BrokerOptions();

  @Option(
      names = "--state",
      split = ",",
      paramLabel = "STATE",
      description =
          "Only these: open, parked, active, rollback_only, prepared, heuristic_commit,"
              + " heuristic_rollback.")
  private Set<String> states = Set.of();

  @Option(names = "--topic", paramLabel = "TOPIC", description = "Only what concerns this topic.")
  private @Nullable String topic;

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "Only half messages of this producer group, and branches that consume as it.")
  private @Nullable String group;

  @Option(
      names = "--older-than",
      paramLabel = "SECONDS",
      description = "Only what waits so long at least.")
  private long olderThanSeconds;

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
    TransactionText text = json ? new JsonTransactionText() : new LineTransactionText();
    TransactionQuery query =
        new TransactionQuery(
            states.stream()
                .map(state -> state.strip().toUpperCase(Locale.ROOT).replace('-', '_'))
                .collect(Collectors.toSet()),
            Optional.ofNullable(topic),
            Optional.ofNullable(group),
            Duration.ofSeconds(olderThanSeconds));
    try (BrokerOptions.Asking asking = broker.connect()) {
      print(asking, query, text, out);
    } finally {
      out.flush();
    }
    return ExitCode.OK;
  }

  private void print(
      BrokerOptions.Asking asking, TransactionQuery query, TransactionText text, PrintWriter out)
      throws InterruptedException {
    Optional<String> from = Optional.empty();
    long left = max;
    do {
      Optional<String> next = from;
      TransactionListBody page = asking.ask(asked -> asked.transactions(query, next));
      page.transactions().stream().limit(left).map(text::line).forEach(out::println);
      left -= page.transactions().size();
      from = Optional.ofNullable(page.next());
    } while (from.isPresent() && left > 0);
  }
}
