package io.moiety.broker.server;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that clients were sent and have not taken yet: of all connections together, so that
 * many that read nothing cannot fill the heap. When there are too many, the connection with most of
 * them is closed. Thread-safe.
 */
final class OutgoingBytes {
  private final long connectionLimit;
  private final long limit;
  private final AtomicLong held = new AtomicLong();
  private final Set<Outgoing> connections = ConcurrentHashMap.newKeySet();

  /**
   * @param connectionLimit of one connection
   * @param limit of all
   */
  OutgoingBytes(long connectionLimit, long limit) {
    this.connectionLimit = connectionLimit;
    this.limit = limit;
  }

  /**
   * A new connection.
   *
   * @param close closes it, on any thread
   */
  Outgoing open(Outgoing.Closing close) {
    Outgoing opened = new Outgoing(this, connectionLimit, close);
    connections.add(opened);
    return opened;
  }

  void add(long bytes) {
    held.addAndGet(bytes);
  }

  boolean isFull() {
    return held.get() > limit;
  }

  void forget(Outgoing closed) {
    connections.remove(closed);
  }

  /** One at a time: what the first frees may be enough. */
  synchronized void makeRoom() {
    if (isFull()) {
      connections.stream()
          .max(Comparator.comparingLong(Outgoing::bytes))
          .ifPresent(
              largest ->
                  largest.shut(
                      "all clients together have not read "
                          + held.get()
                          + " bytes of their answers, and this one most of them; the limit"
                          + " (maxInFlightBytes) is "
                          + limit));
    }
  }
}
