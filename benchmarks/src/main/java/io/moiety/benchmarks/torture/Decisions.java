package io.moiety.benchmarks.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;

/**
 * The decisions of one client process: a byte for each transaction, at its number. It stands for
 * the applications' database: a written byte survives the kill of the process, and every process
 * reads it. Thread-safe.
 */
final class Decisions implements AutoCloseable {
  private final FileChannel file;

  private Decisions(FileChannel file) {
    this.file = file;
  }

  static Decisions open(RunDirectory run, int client) throws IOException {
    return new Decisions(
        FileChannel.open(
            run.decisions(client), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
  }

  void decide(int number, Decision decision) {
    try {
      ByteBuffer value = ByteBuffer.wrap(new byte[] {decision.code()});
      while (value.hasRemaining()) {
        file.write(value, number);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a decision cannot be written", e);
    }
  }

  /** What was decided, by whichever process. */
  static Decision of(RunDirectory run, TrialId id) {
    if (!Files.exists(run.decisions(id.client()))) {
      return Decision.NONE;
    }
    try (FileChannel decisions = FileChannel.open(run.decisions(id.client()))) {
      ByteBuffer value = ByteBuffer.allocate(1);
      return decisions.read(value, id.number()) == 1
          ? Decision.ofCode(value.get(0))
          : Decision.NONE;
    } catch (IOException e) {
      throw new UncheckedIOException("a decision cannot be read", e);
    }
  }

  /**
   * What anybody may tell the broker of a transaction. Of a process that is gone, what it had not
   * decided is a rollback: it is known to be gone before its decision is looked up.
   */
  static Decision told(RunDirectory run, TrialId id) {
    boolean gone = Files.exists(run.deadMark(id.client()));
    Decision decision = of(run, id);
    return decision == Decision.NONE && gone ? Decision.ROLLBACK : decision;
  }

  /** All decisions of a process, each at its number. */
  static byte[] all(RunDirectory run, int client) {
    try {
      return Files.exists(run.decisions(client))
          ? Files.readAllBytes(run.decisions(client))
          : new byte[0];
    } catch (IOException e) {
      throw new UncheckedIOException("decisions cannot be read", e);
    }
  }

  /** As {@link #told}, of a process that is gone, among all its decisions. */
  static Decision toldOfTheGone(byte[] decisions, int number) {
    Decision decision =
        number < decisions.length ? Decision.ofCode(decisions[number]) : Decision.NONE;
    return decision == Decision.NONE ? Decision.ROLLBACK : decision;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
