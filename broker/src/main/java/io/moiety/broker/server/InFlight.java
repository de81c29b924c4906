package io.moiety.broker.server;

import io.moiety.broker.config.ConnectionLimits;
import java.util.Optional;

/**
 * The requests of one connection that wait for an answer, and their bytes. Thread-safe: the event
 * loop admits, whoever answers gives back; the lock is held for a few additions.
 */
final class InFlight {
  private final ConnectionLimits limits;
  private final InFlightBytes all;
  private int requests;
  private long bytes;
  private boolean closed;

  InFlight(ConnectionLimits limits, InFlightBytes all) {
    this.limits = limits;
    this.all = all;
  }

  /**
   * Why a request is too much now; empty when it is admitted, and {@link #answered} is to be called
   * for it.
   *
   * @param oneway only its bytes count, since its sender cannot be told and it would be lost
   */
  synchronized Optional<String> admit(int frameBytes, boolean oneway) {
    if (!oneway && requests >= limits.maxInFlightRequests()) {
      return Optional.of(
          requests
              + " requests of this connection wait for an answer; send fewer (maxInFlightRequests"
              + " is "
              + limits.maxInFlightRequests()
              + ")");
    }
    if (bytes + frameBytes > limits.maxInFlightBytesPerConnection()) {
      return Optional.of(
          "requests of this connection with "
              + bytes
              + " bytes wait for an answer, and this one has "
              + frameBytes
              + "; the limit (maxInFlightBytesPerConnection) is "
              + limits.maxInFlightBytesPerConnection());
    }
    if (!all.take(frameBytes)) {
      return Optional.of(
          "requests with "
              + all.held()
              + " bytes wait for an answer, and this one has "
              + frameBytes
              + "; the limit (maxInFlightBytes) is "
              + all.limit()
              + ": send again later");
    }
    requests += oneway ? 0 : 1;
    bytes += frameBytes;
    return Optional.empty();
  }

  synchronized void answered(int frameBytes, boolean oneway) {
    if (!closed) {
      requests -= oneway ? 0 : 1;
      bytes -= frameBytes;
      all.give(frameBytes);
    }
  }

  /** The connection is gone; answers that are still to come go nowhere. */
  synchronized void close() {
    if (!closed) {
      closed = true;
      all.give(bytes);
    }
  }
}
