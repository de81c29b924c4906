package io.moiety.broker.delay;

import io.moiety.broker.snapshot.BlockDamagedException;
import io.moiety.broker.snapshot.BlockFile;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A place in a run, and the entry there. Keeps the block that it is in, so that going on reads each
 * block once.
 *
 * <p>Owner: the store turn.
 */
final class TimerCursor {
  private static final Logger LOG = System.getLogger(TimerCursor.class.getName());
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final TimerRun run;
  private final BlockFile blocks;
  private int index;
  private int contentBlock = -1;
  private ByteBuffer content = NOTHING;

  /** At an entry of a run, by its index. */
  TimerCursor(TimerRun run, BlockFile blocks, int index) {
    this.run = run;
    this.blocks = blocks;
    this.index = index;
  }

  TimerRun run() {
    return run;
  }

  /** Index of the entry. */
  int index() {
    return index;
  }

  /** Which block the entry is in. */
  int block() {
    return index / TimerRun.BLOCK_ENTRIES;
  }

  boolean isAtEnd() {
    return index == run.entries();
  }

  /**
   * The entry; empty at the end of the run. May read a file.
   *
   * @throws BlockDamagedException when the block is not what was written
   * @throws UncheckedIOException when it cannot be read
   */
  Optional<TimerEntry> entry() {
    if (isAtEnd()) {
      return Optional.empty();
    }
    load();
    return Optional.of(TimerEntry.at(content, indexInBlock()));
  }

  private void load() {
    if (contentBlock != block()) {
      content = run.read(blocks, block());
      contentBlock = block();
    }
  }

  private int indexInBlock() {
    return index % TimerRun.BLOCK_ENTRIES;
  }

  /** Queue offset of the entry, when there {@link #isEntry is one}. */
  long queueOffset() {
    return TimerEntry.queueOffsetAt(content, indexInBlock());
  }

  /** Writes the entry, when there {@link #isEntry is one}. */
  void copyTo(TimerRunWriter writer) {
    writer.add(content, indexInBlock());
  }

  /** Goes to the next entry. */
  void next() {
    goTo(index + 1);
  }

  /** Goes on to an entry behind, by its index; stays where it is when that is none. */
  void goTo(int newIndex) {
    if (newIndex > index) {
      index = Math.min(newIndex, run.entries());
    }
  }

  /** Goes on to the first entry that does not come before another. */
  void goTo(TimerEntry first) {
    goTo(run.blockOf(first) * TimerRun.BLOCK_ENTRIES);
    while (readable().filter(found -> found.compareTo(first) < 0).isPresent()) {
      next();
    }
  }

  /** The entry, or the first behind blocks that cannot be read; empty at the end. */
  Optional<TimerEntry> readable() {
    return isEntry() ? entry() : Optional.empty();
  }

  /**
   * Whether there is an entry, here or behind blocks that cannot be read: what is in these waits
   * for the next start, which rebuilds them from the log.
   */
  boolean isEntry() {
    while (!isAtEnd()) {
      try {
        load();
        return true;
      } catch (BlockDamagedException | UncheckedIOException damaged) {
        LOG.log(
            Level.ERROR,
            "Up to {0} delayed messages are not delivered until the broker is started again: {1}",
            TimerRun.BLOCK_ENTRIES,
            damaged.getMessage());
        goTo((block() + 1) * TimerRun.BLOCK_ENTRIES);
      }
    }
    return false;
  }

  /** Both have an entry. */
  private boolean isBefore(TimerCursor other) {
    return TimerEntry.compare(
            TimerEntry.dueMillisAt(content, indexInBlock()),
            TimerEntry.originPositionAt(content, indexInBlock()),
            TimerEntry.dueMillisAt(other.content, other.indexInBlock()),
            TimerEntry.originPositionAt(other.content, other.indexInBlock()))
        < 0;
  }

  /** The cursor whose entry comes first; empty when all are at their ends. */
  static Optional<TimerCursor> first(List<TimerCursor> cursors) {
    TimerCursor first = null;
    for (int i = 0; i < cursors.size(); i++) {
      TimerCursor cursor = cursors.get(i);
      if (cursor.isEntry() && (first == null || cursor.isBefore(first))) {
        first = cursor;
      }
    }
    return Optional.ofNullable(first);
  }
}
