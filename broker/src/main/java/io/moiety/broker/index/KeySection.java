package io.moiety.broker.index;

import io.moiety.broker.snapshot.Section;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * What a snapshot says of the index: the runs, and the pairs that are in none. Which runs there are
 * is settled on the view thread by a task of its own right behind the capture: runs that hold later
 * pairs are written after it.
 *
 * <p>Captured in the store turn; everything else belongs to the view thread.
 */
final class KeySection implements Section {
  private final SharedParts parts;
  private final RunKeeper keeper;
  private final List<PairBuffer> full;
  private final PairBuffer last;
  private final int lastCount;
  private final long lastPosition;
  private final long lastTimestampMillis;
  private List<KeyRun> runs = List.of();
  private List<PairBuffer> unwritten = List.of();
  private long number;

  /** The index as it is now. Buffers only grow, so what they hold now needs no copy. */
  KeySection(SharedParts parts, RunKeeper keeper, long lastPosition, long lastTimestampMillis) {
    IndexParts now = parts.get();
    this.parts = parts;
    this.keeper = keeper;
    this.full = now.full();
    this.last = now.filling();
    this.lastCount = last.count();
    this.lastPosition = lastPosition;
    this.lastTimestampMillis = lastTimestampMillis;
  }

  /** Settles which runs it names. */
  void fixRuns() {
    IndexParts now = parts.get();
    runs = now.runs();
    unwritten = full.stream().filter(now.full()::contains).toList();
    number = keeper.nextSnapshot();
  }

  @Override
  public void write(DataOutput out) throws IOException {
    if (number == 0) {
      throw new IllegalStateException("the view thread writes a section before it was fixed");
    }
    out.writeLong(lastPosition);
    out.writeLong(lastTimestampMillis);
    out.writeInt(runs.size());
    for (KeyRun run : runs) {
      out.writeLong(run.firstPosition());
      out.writeLong(run.endPosition());
    }
    long pairs = lastCount;
    for (PairBuffer buffer : unwritten) {
      pairs += buffer.count();
    }
    out.writeLong(pairs);
    for (PairBuffer buffer : unwritten) {
      write(buffer, buffer.count(), out);
    }
    write(last, lastCount, out);
  }

  private static void write(PairBuffer buffer, int count, DataOutput out) throws IOException {
    for (int i = 0; i < count; i++) {
      out.writeLong(buffer.hash(i));
      out.writeLong(buffer.position(i));
    }
  }

  @Override
  public void durable() {
    keeper.snapshotDurable(number);
  }
}
