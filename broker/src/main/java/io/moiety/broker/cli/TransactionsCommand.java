package io.moiety.broker.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code moiety transactions}: what waits for a decision at a running broker, and the decision. */
@Command(
    name = "transactions",
    description = "Lists and decides half messages and XA branches of a running broker.",
    mixinStandardHelpOptions = true,
    subcommands = {
      TransactionsListCommand.class,
      TransactionsShowCommand.class,
      TransactionDecisionCommands.Commit.class,
      TransactionDecisionCommands.Rollback.class,
      TransactionDecisionCommands.Resume.class,
      TransactionDecisionCommands.Forget.class
    })
final class TransactionsCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
