package io.moiety.client;

/**
 * Bounds what waits for the broker's answers, so that a slow broker costs its clients errors and
 * not their memory. Thread-safe.
 */
final class RequestLimit {

  /** What {@link RequestKind#CONTROL} requests may use when sends have used up the limit. */
  static final int CONTROL_RESERVE = 1_024;

  private final int maxSends;
  private final long maxBytes;
  private int requests;
  private long bytes;

  RequestLimit(int maxSends, long maxBytes) {
    this.maxSends = maxSends;
    this.maxBytes = maxBytes;
  }

  /**
   * Takes a place, to be given back with {@link #release}.
   *
   * @throws RequestLimitException when there is none
   */
  synchronized void acquire(RequestKind kind, int bodyBytes) {
    boolean send = kind == RequestKind.SEND;
    if (requests >= (send ? maxSends : maxSends + CONTROL_RESERVE)) {
      throw new RequestLimitException(
          requests
              + " requests wait for the broker's answers; no more are sent until some are answered."
              + " Wait for sends to complete before sending more, or raise maxInFlightSends (now "
              + maxSends
              + ").");
    }
    if (send && requests > 0 && bytes + bodyBytes > maxBytes) {
      throw new RequestLimitException(
          bytes
              + " bytes of messages wait for the broker's answers, and "
              + bodyBytes
              + " more would exceed maxInFlightBytes ("
              + maxBytes
              + "). Wait for sends to complete before sending more.");
    }
    requests++;
    bytes += bodyBytes;
  }

  synchronized void release(int bodyBytes) {
    requests--;
    bytes -= bodyBytes;
  }
}
