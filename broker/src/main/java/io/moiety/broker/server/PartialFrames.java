package io.moiety.broker.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What has come of frames that are not whole, of many connections: a share of {@link
 * InFlightBytes}, so that frames that never end leave room for requests that are there.
 *
 * <p>When the share is full, a frame that has been on its way for long gives way to one that grows.
 * To a small one, as most requests are, the largest gives way at once; so a few connections that
 * send nothing but the beginnings of large frames keep nobody out. What gives way is closed. A
 * larger frame that finds no room is refused, and its connection lives.
 *
 * <p>Thread-safe: the lock protects the parts and their sums, and nothing is called that waits. The
 * time is an argument.
 */
final class PartialFrames {

  /** Longer than a frame takes over a line that works. */
  static final long PATIENCE_MILLIS = 5_000;

  static final int SMALL_BYTES = 64 * 1024;

  private final long limit;
  private final InFlightBytes all;

  /** In the order in which they began. */
  private final Set<Part> parts = new LinkedHashSet<>();

  private long held;

  /**
   * @param limit of these parts together, in bytes
   * @param all what they are a share of
   */
  PartialFrames(long limit, InFlightBytes all) {
    this.limit = limit;
    this.all = all;
  }

  /** What has come of one frame. Its state is protected by the lock of the whole. */
  final class Part {
    private final Consumer<String> shut;
    private final long begunMillis;
    private long bytes;
    private boolean ended;

    private Part(Consumer<String> shut, long begunMillis) {
      this.shut = shut;
      this.begunMillis = begunMillis;
    }

    /** So much has come of it now; false when there is no room for that. */
    boolean grow(long newBytes, long nowMillis) {
      List<Part> gaveWay = new ArrayList<>();
      boolean grown = PartialFrames.this.grow(this, newBytes, nowMillis, gaveWay);
      gaveWay.forEach(
          part ->
              part.shut.accept(
                  "a frame that it began does not come to its end, and others need the room"));
      return grown;
    }

    /** It is whole, or given up. */
    void end() {
      PartialFrames.this.end(this);
    }
  }

  /**
   * A frame of which nothing is held yet.
   *
   * @param shut closes its connection, told why
   */
  Part begin(Consumer<String> shut, long nowMillis) {
    return new Part(shut, nowMillis);
  }

  synchronized long held() {
    return held;
  }

  private synchronized boolean grow(Part part, long newBytes, long nowMillis, List<Part> gaveWay) {
    if (part.ended) {
      return false;
    }
    long moreBytes = newBytes - part.bytes;
    while (!take(moreBytes)) {
      Optional<Part> other = whoGivesWay(part, newBytes, nowMillis);
      if (other.isEmpty()) {
        return false;
      }
      end(other.get());
      gaveWay.add(other.get());
    }
    part.bytes = newBytes;
    parts.add(part);
    return true;
  }

  private boolean take(long bytes) {
    if (held + bytes > limit || !all.take(bytes)) {
      return false;
    }
    held += bytes;
    return true;
  }

  private Optional<Part> whoGivesWay(Part part, long newBytes, long nowMillis) {
    Optional<Part> late =
        parts.stream()
            .filter(other -> other != part)
            .findFirst()
            .filter(oldest -> nowMillis - oldest.begunMillis >= PATIENCE_MILLIS);
    if (late.isPresent() || newBytes > SMALL_BYTES) {
      return late;
    }
    return parts.stream()
        .filter(other -> other != part && other.bytes > newBytes)
        .max(Comparator.comparingLong(other -> other.bytes));
  }

  private synchronized void end(Part part) {
    if (parts.remove(part)) {
      held -= part.bytes;
      all.give(part.bytes);
    }
    part.ended = true;
  }
}
