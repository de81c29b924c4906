package io.moiety.broker.server;

import io.moiety.broker.log.RecordDamagedException;
import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.store.Carried;
import io.moiety.broker.store.RecordReader;
import io.moiety.protocol.ResponseCode;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Finds where in a queue a time is, by bisection: entries do not know when their messages were
 * stored, records do. What is looked at next is decided in the store turn, which owns the queue;
 * each record is read by a reader thread, since old ones are on the disk. A carried copy counts
 * with its original's time.
 */
final class TimeSearches {
  private final QueueTable queues;
  private final RecordReader reader;
  private final Executor readers;
  private final InTurn inTurn;

  /**
   * @param readers refuses when too much waits
   */
  TimeSearches(QueueTable queues, RecordReader reader, Executor readers, InTurn inTurn) {
    this.queues = queues;
    this.reader = reader;
    this.readers = readers;
    this.inTurn = inTurn;
  }

  /**
   * Where a time is; between the two is only what is gone.
   *
   * @param earlierEnd offset after the last message that was stored before the time; the queue's
   *     first when there is none
   * @param firstSince offset of the first that was stored at or after it; the queue's end when
   *     there is none
   */
  record Boundary(long earlierEnd, long firstSince) {}

  /** Tells in the turn where the time is. Called in the turn; the reply is told failures only. */
  void find(QueueKey queue, long timestampMillis, Reply reply, Consumer<Boundary> found) {
    Optional<ConsumeQueue> stored = queues.find(queue.topic(), queue.queueId());
    if (stored.isEmpty()) {
      found.accept(new Boundary(0, 0));
    } else {
      new Search(stored.get(), timestampMillis, reply, found).step();
    }
  }

  /** One search; its fields belong to the turn. */
  private final class Search {
    private final ConsumeQueue queue;
    private final long timestampMillis;
    private final Reply reply;
    private final Consumer<Boundary> found;
    private long low;
    private long high;

    Search(ConsumeQueue queue, long timestampMillis, Reply reply, Consumer<Boundary> found) {
      this.queue = queue;
      this.timestampMillis = timestampMillis;
      this.reply = reply;
      this.found = found;
      this.low = queue.minOffset();
      this.high = queue.servedOffset();
    }

    void step() {
      while (low < high) {
        long middle = low + (high - low) / 2;
        long present = queue.nextPresent(middle);
        if (present < high) {
          queue.find(present).ifPresent(entry -> look(middle, present, entry));
          return;
        }
        high = middle;
      }
      long firstSince = Math.min(queue.nextPresent(low), queue.servedOffset());
      found.accept(new Boundary(low, firstSince));
    }

    private void look(long middle, long present, Entry entry) {
      try {
        readers.execute(() -> read(middle, present, entry));
      } catch (RejectedExecutionException full) {
        reply.fail(ResponseCode.SYSTEM_BUSY, "too much waits to be read: search again later");
      }
    }

    private void read(long middle, long present, Entry entry) {
      try {
        Carried origin = Carried.origin(reader.read(entry.position(), entry.sizeBytes()));
        inTurn.run(reply, () -> narrow(middle, present, origin.storeTimestampMillis()));
      } catch (RecordDamagedException damaged) {
        inTurn.run(reply, () -> goOnWithout(present, damaged));
      } catch (RuntimeException failure) {
        reply.fail(failure);
      }
    }

    private void narrow(long middle, long present, long storeMillis) {
      if (storeMillis < timestampMillis) {
        low = present + 1;
      } else {
        high = middle;
      }
      step();
    }

    /** Its segment may have been deleted meanwhile. */
    private void goOnWithout(long present, RecordDamagedException damaged) {
      if (queue.find(present).isPresent()) {
        throw damaged;
      }
      low = Math.max(low, queue.minOffset());
      step();
    }
  }
}
