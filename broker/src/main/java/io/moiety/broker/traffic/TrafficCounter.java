package io.moiety.broker.traffic;

import io.moiety.broker.stats.TrafficSnapshot;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Four counters. Messages come in the store turn, one thread at a time; they go on any thread.
 * Makes no garbage.
 */
final class TrafficCounter {
  private final AtomicLong messagesIn = new AtomicLong();
  private final AtomicLong bytesIn = new AtomicLong();
  private final LongAdder messagesOut = new LongAdder();
  private final LongAdder bytesOut = new LongAdder();

  /** In the turn. */
  void came(int sizeBytes) {
    messagesIn.setRelease(messagesIn.getPlain() + 1);
    bytesIn.setRelease(bytesIn.getPlain() + sizeBytes);
  }

  void went(int messages, long sizeBytes) {
    messagesOut.add(messages);
    bytesOut.add(sizeBytes);
  }

  TrafficSnapshot snapshot() {
    return new TrafficSnapshot(
        messagesIn.getAcquire(), bytesIn.getAcquire(), messagesOut.sum(), bytesOut.sum());
  }
}
