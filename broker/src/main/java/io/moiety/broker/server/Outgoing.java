package io.moiety.broker.server;

/**
 * What one connection was sent and has not taken yet. Above its limit the connection is closed: it
 * does not read, or far less than it asks for. Thread-safe; the lock is held for a few additions.
 */
final class Outgoing {

  /** Closes the connection. */
  @FunctionalInterface
  interface Closing {
    void close(String why);
  }

  private final OutgoingBytes all;
  private final long limit;
  private final Closing closing;
  private long bytes;
  private boolean closed;

  Outgoing(OutgoingBytes all, long limit, Closing closing) {
    this.all = all;
    this.limit = limit;
    this.closing = closing;
  }

  /** Something is about to be written; false when the connection is closed, or is so by this. */
  boolean add(int frameBytes) {
    long before;
    synchronized (this) {
      if (closed) {
        return false;
      }
      before = bytes;
      bytes += frameBytes;
      all.add(frameBytes);
    }
    if (before + frameBytes > limit && before > 0) {
      shut(
          "it has not read "
              + before
              + " bytes of its answers, and the next one has "
              + frameBytes
              + "; the limit (maxInFlightBytesPerConnection) is "
              + limit);
      return false;
    }
    if (all.isFull()) {
      all.makeRoom();
    }
    return true;
  }

  /** It was written, or is lost. */
  synchronized void gone(int frameBytes) {
    if (!closed) {
      bytes -= frameBytes;
      all.add(-frameBytes);
    }
  }

  synchronized long bytes() {
    return bytes;
  }

  void shut(String why) {
    if (close()) {
      closing.close(why);
    }
  }

  /** The connection is gone and what it was sent with it; true the first time. */
  boolean close() {
    synchronized (this) {
      if (closed) {
        return false;
      }
      closed = true;
      all.add(-bytes);
      bytes = 0;
    }
    all.forget(this);
    return true;
  }
}
