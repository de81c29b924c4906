package io.moiety.broker.cli;

import io.moiety.protocol.body.TransactionBody;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code moiety transactions show}. */
@Command(
    name = "show",
    description = "Shows one transaction: also one that was decided, while that is remembered.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:shown", "1:it is unknown, or the broker refused or cannot be reached"})
final class TransactionsShowCommand implements Callable<Integer> {

  @Mixin private BrokerOptions broker = new BrokerOptions();

  @Parameters(paramLabel = "ID", description = "As 'moiety transactions list' tells it.")
  private String id = "";

  @Option(names = "--json", description = "As a JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    TransactionText text = json ? new JsonTransactionText() : new LineTransactionText();
    try (BrokerOptions.Asking asking = broker.connect()) {
      TransactionBody shown = asking.ask(asked -> asked.transaction(id));
      out.println(text.whole(shown));
    } finally {
      out.flush();
    }
    return ExitCode.OK;
  }
}
