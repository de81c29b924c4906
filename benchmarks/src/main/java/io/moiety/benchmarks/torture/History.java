package io.moiety.benchmarks.torture;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/**
 * What one client process does and hears, a line for each event: {@code number event detail}. A
 * line is in the file before the next step begins, so that a kill loses none. Thread-safe.
 */
final class History implements AutoCloseable {
  private final FileChannel file;

  /** What a line tells. */
  enum Event {
    /** A half message is about to be sent; detail: its {@link HalfKind}. */
    HALF,
    /** A branch is about to be started; detail: its {@link BranchKind} and how many messages. */
    BRANCH,
    /** A plain message for others to consume is about to be sent. */
    INPUT,
    /** The broker has answered that it is stored. */
    STORED,
    /** An input is about to be acknowledged in the branch; detail: its name. */
    TOOK,
    /** The broker has voted to commit. */
    PREPARED,
    /** A resolution or decision was confirmed; detail: which. */
    DONE,
    /** It was refused, definitely; detail: which, and the reason. */
    REFUSED,
    /** The broker was asked for the outcome; detail: its answer. */
    OUTCOME,
    /** An administrator took back what was parked; it was confirmed. */
    RESUMED,
    /** An administrator's decision was answered; detail: the state that it brought about or met. */
    ADMINISTERED
  }

  private History(FileChannel file) {
    this.file = file;
  }

  static History open(RunDirectory run, int client) throws IOException {
    return new History(
        FileChannel.open(
            run.history(client), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  void tell(int number, Event event) {
    tell(number, event, "");
  }

  synchronized void tell(int number, Event event, String detail) {
    ByteBuffer line =
        ByteBuffer.wrap((number + " " + event + " " + detail + "\n").getBytes(US_ASCII));
    try {
      while (line.hasRemaining()) {
        file.write(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the history cannot be written", e);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
