package io.moiety.broker.cli;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code moiety store}: for a person with a broken disk. Nothing below it changes a store. */
@Command(
    name = "store",
    description = "Looks into a store, also a damaged one, and changes nothing.",
    mixinStandardHelpOptions = true,
    subcommands = {StoreVerifyCommand.class, StoreDumpCommand.class})
final class StoreCommand implements Runnable {

  /** Exit code: there is damage. */
  static final int DAMAGED = 1;

  /** Exit code: there is no log, or it cannot be read. */
  private static final int UNREADABLE = 2;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Says why nothing can be shown; the exit code for that. */
  static int unreadable(CommandSpec spec, Path directory, UncheckedIOException why) {
    spec.commandLine()
        .getErr()
        .println(
            "moiety: the store "
                + directory.toAbsolutePath()
                + " cannot be read: "
                + why.getCause());
    return UNREADABLE;
  }
}
