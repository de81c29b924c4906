package io.moiety.broker.server;

import io.moiety.broker.log.RecordDamagedException;
import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.store.Carried;
import io.moiety.broker.store.RecordReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Reads when messages were stored, which only their records know; so it is done by reader threads.
 */
final class StoreTimes {

  /** Of a message that is not there. */
  static final long UNKNOWN = 0;

  private final RecordReader reader;
  private final OnReaders readers;

  /**
   * @param readers refuses when too much waits
   */
  StoreTimes(RecordReader reader, Executor readers) {
    this.reader = reader;
    this.readers = new OnReaders(readers);
  }

  /** The message at an offset, if it is still there. In the turn. */
  static Optional<Entry> messageAt(Optional<ConsumeQueue> queue, long queueOffset) {
    return queue
        .filter(stored -> queueOffset >= stored.minOffset() && queueOffset < stored.servedOffset())
        .flatMap(stored -> stored.find(queueOffset));
  }

  /** Tells the times of all of them, in their order, on a reader thread. */
  void read(Reply reply, List<Optional<Entry>> messages, Consumer<List<Long>> found) {
    readers.run(
        reply,
        () -> {
          List<Long> times = new ArrayList<>(messages.size());
          messages.forEach(message -> times.add(message.map(this::time).orElse(UNKNOWN)));
          found.accept(times);
        });
  }

  /** A message that is gone meanwhile, or damaged, has no time that can be told. */
  private long time(Entry message) {
    try {
      return Carried.origin(reader.read(message.position(), message.sizeBytes()))
          .storeTimestampMillis();
    } catch (RecordDamagedException gone) {
      return UNKNOWN;
    }
  }
}
