package io.moiety.broker.cli;

import io.moiety.client.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
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

/** {@code moiety transactions commit}, {@code rollback}, {@code resume} and {@code forget}. */
final class TransactionDecisionCommands {
  private TransactionDecisionCommands() {}

  /** Commits. */
  @Command(
      name = "commit",
      description =
          "Commits a half message, or a prepared branch: its transaction manager hears of a"
              + " heuristic commit.")
  static final class Commit extends Decision {
    @Override
    Verdict verdict() {
      return Verdict.COMMIT;
    }
  }

  /** Rolls back. */
  @Command(
      name = "rollback",
      description =
          "Rolls back a half message, or a branch: of a prepared one its transaction manager hears"
              + " of a heuristic rollback.")
  static final class Rollback extends Decision {
    @Override
    Verdict verdict() {
      return Verdict.ROLLBACK;
    }
  }

  /** Takes back what was parked. */
  @Command(
      name = "resume",
      description = "Has the producers of a parked half message asked about it again.")
  static final class Resume extends Decision {
    @Override
    Verdict verdict() {
      return Verdict.RESUME;
    }
  }

  /** Ends the memory of a heuristic outcome. */
  @Command(
      name = "forget",
      description =
          "Forgets the heuristic outcome of a branch whose transaction manager is gone for good:"
              + " should it come after all, it hears that the branch is unknown.")
  static final class Forget extends Decision {
    @Override
    Verdict verdict() {
      return Verdict.FORGET;
    }
  }

  /** What the four have in common. */
  @Command(
      mixinStandardHelpOptions = true,
      exitCodeListHeading = "Exit codes:%n",
      exitCodeList = {
        "0:it is decided, and that is on the disk",
        "1:it is unknown or decided otherwise, or the broker refused or cannot be reached"
      })
  abstract static sealed class Decision implements Callable<Integer>
      permits Commit, Rollback, Resume, Forget {

    @Mixin private BrokerOptions broker = new BrokerOptions();

    @Parameters(paramLabel = "ID", description = "As 'moiety transactions list' tells it.")
    private String id = "";

    @Option(
        names = "--by",
        paramLabel = "NAME",
        description = "Who decides; recorded with the broker's user, the address and the time.")
    private @Nullable String by;

    @Spec private CommandSpec spec;

    abstract Verdict verdict();

    @Override
    public Integer call() throws IOException, InterruptedException {
      PrintWriter out = spec.commandLine().getOut();
      try (BrokerOptions.Asking asking = broker.connect()) {
        String state = asking.ask(asked -> asked.decide(id, verdict(), Optional.ofNullable(by)));
        out.println(id + " is " + state);
      } finally {
        out.flush();
      }
      return ExitCode.OK;
    }
  }
}
