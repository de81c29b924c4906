package io.moiety.broker.delay;

import io.moiety.broker.snapshot.BlockFile;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Writes one run, entry by entry in their order.
 *
 * <p>Owner: the store turn.
 */
final class TimerRunWriter {
  private final BlockFile blocks;
  private final long number;
  private final int tier;
  private final TimerRun.Fences fences = new TimerRun.Fences();
  private final ByteBuffer content = ByteBuffer.allocate(BlockFile.CONTENT_BYTES);
  private int inBlock;
  private int entries;

  /**
   * Begins a run.
   *
   * @param number that no other run of this store has
   */
  TimerRunWriter(BlockFile blocks, long number, int tier) {
    this.blocks = blocks;
    this.number = number;
    this.tier = tier;
  }

  void add(TimerEntry entry) {
    entry.putAt(content, inBlock);
    added();
  }

  /** Adds an entry of another block. */
  void add(ByteBuffer block, int index) {
    content.put(inBlock * TimerEntry.BYTES, block, index * TimerEntry.BYTES, TimerEntry.BYTES);
    added();
  }

  private void added() {
    inBlock++;
    entries++;
    if (inBlock == TimerRun.BLOCK_ENTRIES) {
      append();
    }
  }

  /** The run; empty when it has no entry. */
  Optional<TimerRun> finish() {
    if (inBlock > 0) {
      append();
    }
    return entries == 0
        ? Optional.empty()
        : Optional.of(new TimerRun(number, tier, entries, fences.trimmed()));
  }

  private void append() {
    TimerEntry first = TimerEntry.at(content, 0);
    int id =
        blocks.append(
            TimerRun.owner(number, fences.count()), content.slice(0, inBlock * TimerEntry.BYTES));
    fences.add(first.dueMillis(), first.originPosition(), id);
    inBlock = 0;
  }
}
