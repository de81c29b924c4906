package io.moiety.broker.delay;

import io.moiety.broker.snapshot.BlockFile;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Entries of messages that are not due soon, as sorted runs in the file of blocks. The heap has 20
 * bytes for each block of 72, and one block of each run: there are a few dozen runs, however many
 * entries.
 *
 * <p>Nothing is taken out of a run: an entry whose message does not wait any more is passed over
 * when its time comes, and is left out when its run is merged. Merging is done in small steps by
 * those that add, so that no step is long and the number of runs stays bounded.
 *
 * <p>Owner: the store turn.
 */
final class TimerRuns {
  /** Many more than merges leave behind for each entry. */
  private static final int RELEASED_PER_ADDED = 4;

  private final BlockFile blocks;
  private final TimerSizes sizes;
  private final LongPredicate waits;

  /** Of each run, where that begins which is left of it; the oldest first. */
  private final List<TimerCursor> heads = new ArrayList<>();

  /** At most one of each tier, the lowest first. */
  private final List<TimerMerge> merges = new ArrayList<>();

  private final RunReleases releases;
  private long nextNumber;

  /**
   * No runs.
   *
   * @param waits whether a message is still to be delivered, by its queue offset
   */
  TimerRuns(BlockFile blocks, TimerSizes sizes, LongPredicate waits) {
    this.blocks = blocks;
    this.sizes = sizes;
    this.waits = waits;
    this.releases = new RunReleases(blocks);
  }

  /** Makes a run of entries, which are in order. */
  void add(Collection<TimerEntry> entries) {
    TimerRunWriter writer = writer(0);
    entries.forEach(writer::add);
    writer.finish().ifPresent(this::add);
  }

  /** Goes on with merges: to be called for each entry that the schedule takes in. */
  void keepPace() {
    releases.goOn(RELEASED_PER_ADDED);
    int left = TimerSizes.COPIED_PER_ADDED;
    while (left > 0 && !merges.isEmpty()) {
      TimerMerge lowest = merges.get(0);
      left = lowest.goOn(left);
      if (left > 0) {
        merges.remove(lowest);
        finish(lowest);
      }
    }
  }

  /** The entry that is due first, whether its message still waits or not. */
  Optional<TimerEntry> first() {
    return TimerCursor.first(heads).flatMap(TimerCursor::entry);
  }

  /** Goes behind the entry that is due first, for good. */
  void passFirst() {
    TimerCursor.first(heads).ifPresent(this::pass);
  }

  /** Cursors at the first entries that do not come before another. */
  List<TimerCursor> from(TimerEntry first) {
    List<TimerCursor> cursors = new ArrayList<>();
    for (TimerCursor head : heads) {
      TimerCursor cursor = new TimerCursor(head.run(), blocks, head.index());
      cursor.goTo(first);
      cursors.add(cursor);
    }
    return cursors;
  }

  /** Every entry that waits, in no order, or the exception of a block that cannot be read. */
  List<TimerEntry> all() {
    List<TimerEntry> all = new ArrayList<>();
    for (TimerCursor head : heads) {
      TimerCursor cursor = new TimerCursor(head.run(), blocks, head.index());
      for (; cursor.entry().isPresent(); cursor.next()) {
        cursor.entry().filter(entry -> waits.test(entry.queueOffset())).ifPresent(all::add);
      }
    }
    return all;
  }

  int count() {
    return heads.size();
  }

  /** Blocks that the runs have. */
  int blockCount() {
    return heads.stream().mapToInt(head -> head.run().blockCount() - head.block()).sum();
  }

  /** The runs as they are now. */
  Captured capture() {
    List<CapturedRun> runs =
        heads.stream()
            .filter(head -> !head.isAtEnd())
            .map(head -> new CapturedRun(head.run(), head.index()))
            .toList();
    return new Captured(nextNumber, runs);
  }

  private record CapturedRun(TimerRun run, int index) {}

  /** Runs at the position of a snapshot. */
  record Captured(long nextNumber, List<CapturedRun> runs) {

    /** Number of the next run 8, count of the runs 4, and each {@link TimerRun#write}. */
    void write(DataOutput out) throws IOException {
      out.writeLong(nextNumber);
      out.writeInt(runs.size());
      for (CapturedRun captured : runs) {
        captured.run().write(out, captured.index());
      }
    }
  }

  /** Takes what {@link Captured#write} wrote, and its blocks in use. */
  void restore(DataInput in) throws IOException {
    nextNumber = in.readLong();
    for (int left = in.readInt(); left > 0; left--) {
      TimerRun.Restored restored = TimerRun.read(in, blocks);
      heads.add(new TimerCursor(restored.run(), blocks, restored.firstNeeded()));
    }
    beginMerges();
  }

  private void add(TimerRun run) {
    heads.add(new TimerCursor(run, blocks, 0));
    beginMerges();
  }

  private TimerRunWriter writer(int tier) {
    long number = nextNumber;
    nextNumber++;
    return new TimerRunWriter(blocks, number, tier);
  }

  private void pass(TimerCursor head) {
    int block = head.block();
    head.next();
    head.run().release(blocks, block, Math.min(head.block(), head.run().blockCount()));
    if (head.isAtEnd() && merges.stream().noneMatch(merge -> merge.isOf(head))) {
      drop(head);
    }
  }

  private void drop(TimerCursor head) {
    releases.add(head.run(), head.block(), head.run().blockCount());
    heads.remove(head);
  }

  private void finish(TimerMerge merge) {
    Optional<TimerEntry> left = TimerCursor.first(merge.heads()).flatMap(TimerCursor::entry);
    Optional<TimerRun> merged = merge.finish();
    merged.ifPresent(run -> addFrom(left, run));
    merge.heads().forEach(this::drop);
    beginMerges();
  }

  /**
   * Takes a merged run in, without the entries whose messages were delivered while it was written:
   * they come before what is left of the runs that it was made of.
   */
  private void addFrom(Optional<TimerEntry> left, TimerRun run) {
    TimerCursor head = new TimerCursor(run, blocks, 0);
    left.ifPresentOrElse(head::goTo, () -> head.goTo(run.entries()));
    releases.add(run, 0, head.isAtEnd() ? run.blockCount() : head.block());
    if (!head.isAtEnd()) {
      heads.add(head);
    }
  }

  private void beginMerges() {
    int highest = heads.stream().mapToInt(head -> head.run().tier()).max().orElse(-1);
    for (int tier = 0; tier <= highest; tier++) {
      int wanted = tier;
      List<TimerCursor> ofTier =
          heads.stream()
              .filter(head -> head.run().tier() == wanted)
              .limit(sizes.runsPerMerge())
              .toList();
      boolean begun =
          merges.stream().anyMatch(merge -> !ofTier.isEmpty() && merge.isOf(ofTier.get(0)));
      if (!begun && ofTier.size() == sizes.runsPerMerge()) {
        merges.add(new TimerMerge(ofTier, blocks, waits, writer(tier + 1)));
      }
    }
    merges.sort(Comparator.comparingInt(merge -> merge.heads().get(0).run().tier()));
  }
}
