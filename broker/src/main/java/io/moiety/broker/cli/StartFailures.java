package io.moiety.broker.cli;

import io.moiety.broker.config.ConfigException;
import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.StoreDamagedException;
import io.moiety.broker.log.StoreLockedException;
import io.moiety.broker.server.ServerStartException;
import io.moiety.client.ClientException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells an operator why a command failed: in one line what he can mend, else with the stack. */
final class StartFailures implements IExecutionExceptionHandler {

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine commandLine, ParseResult parsed) throws Exception {
    if (failure instanceof NoSuchFileException missing) {
      tell(commandLine, "there is no file " + missing.getFile());
      return ExitCode.USAGE;
    }
    if (failure instanceof ConfigException) {
      tell(commandLine, String.valueOf(failure.getMessage()));
      return ExitCode.USAGE;
    }
    if (failure instanceof ServerStartException
        || failure instanceof StoreLockedException
        || failure instanceof StoreDamagedException
        || failure instanceof ClientException
        || failure instanceof AppendRefusedException) {
      tell(commandLine, String.valueOf(failure.getMessage()));
      return ExitCode.SOFTWARE;
    }
    if (failure instanceof UncheckedIOException unreadable) {
      tell(commandLine, "the store cannot be read or written: " + unreadable.getCause());
      return ExitCode.SOFTWARE;
    }
    throw failure;
  }

  private static void tell(CommandLine commandLine, String message) {
    commandLine.getErr().println("moiety: " + message);
  }
}
