package io.moiety.broker.delivery;

import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.snapshot.BlockDamagedException;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.RecordSpan;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Has the messages of a queue read before they are picked, so that no pick waits for the disk: from
 * the first that is cold on, and once a backlog is being delivered, before it is reached. At most
 * one read of a group on a queue is under way.
 *
 * <p>Confined to the store turn.
 */
final class ReadAhead {
  /** What is read at once. */
  private static final int MESSAGES = 256;

  private static final long BYTES = 1024 * 1024;

  private final ColdReads coldReads;
  private final Consumer<GroupQueue> ended;

  /**
   * Reads for all who wait.
   *
   * @param ended told when what was being read of a queue can be picked
   */
  ReadAhead(ColdReads coldReads, Consumer<GroupQueue> ended) {
    this.coldReads = coldReads;
    this.ended = ended;
  }

  /** Whether the message can be read now; otherwise it will be told when to look again. */
  boolean isReadable(GroupQueue queue, MessageFilter filter, long queueOffset, RecordSpan record) {
    if (coldReads.isWarm(record)) {
      return true;
    }
    return !queue.isBeingRead() && !read(queue, filter, queueOffset);
  }

  /**
   * Messages up to here were picked; those behind may be wanted next.
   *
   * @param last the last that was read: one of a backlog, or a new one, with only newer ones behind
   * @param nextOffset one that may be seen
   */
  void picked(GroupQueue queue, MessageFilter filter, RecordSpan last, long nextOffset) {
    if (queue.isBeingRead() || coldReads.isRecent(last)) {
      return;
    }
    long aheadOffset = Math.min(nextOffset + MESSAGES / 2, queue.queue().servedOffset() - 1);
    boolean coldSoon =
        find(queue, aheadOffset).filter(entry -> !coldReads.isWarm(span(entry))).isPresent();
    if (coldSoon) {
      read(queue, filter, nextOffset);
    }
  }

  /** False when nothing more can be read elsewhere, or it is done already. */
  private boolean read(GroupQueue queue, MessageFilter filter, long fromOffset) {
    queue.beingRead(true);
    boolean begun =
        coldReads.read(
            wanted(queue, filter, fromOffset),
            () -> {
              queue.beingRead(false);
              ended.accept(queue);
            });
    queue.beingRead(begun && queue.isBeingRead());
    return queue.isBeingRead();
  }

  private List<RecordSpan> wanted(GroupQueue queue, MessageFilter filter, long fromOffset) {
    List<RecordSpan> wanted = new ArrayList<>();
    long bytes = 0;
    OptionalLong next = queue.nextAvailable(fromOffset);
    for (int i = 0; i < MESSAGES && bytes < BYTES && next.isPresent(); i++) {
      Optional<Entry> entry = find(queue, next.getAsLong());
      if (entry.isPresent() && filter.mayMatch(entry.get().tagsCode())) {
        wanted.add(span(entry.get()));
        bytes += entry.get().sizeBytes();
      }
      next = queue.nextAvailable(next.getAsLong() + 1);
    }
    return coldReads.coldOf(wanted);
  }

  /** Empty, too, when the queue's file does not tell where the message is: it is not picked. */
  private static Optional<Entry> find(GroupQueue queue, long queueOffset) {
    try {
      return queue.queue().find(queueOffset);
    } catch (BlockDamagedException | UncheckedIOException told) {
      return Optional.empty();
    }
  }

  static RecordSpan span(Entry entry) {
    return new RecordSpan(entry.position(), entry.sizeBytes());
  }
}
