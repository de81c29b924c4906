package io.moiety.broker.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads segments that are not mapped, through channels that are kept open as long as they are among
 * the last used.
 *
 * <p>Any thread. The monitor protects the map of open channels; no file is touched in it. A channel
 * that an interrupted thread closed under the others is replaced.
 */
final class ColdChannels {

  /** Open at once; a reader of more segments than this opens and closes. */
  static final int MOST_OPEN = 32;

  private final SegmentFiles files;

  /** By base position, the longest unused first. */
  private final Map<Long, Leased<SegmentChannel>> open = new LinkedHashMap<>(16, 0.75f, true);

  /** Segments below are gone: a channel to one of them is not kept. */
  private long firstPosition;

  private boolean closed;

  ColdChannels(SegmentFiles files) {
    this.files = files;
  }

  /**
   * Fills {@code target} from {@code index} of a segment, as far as its file goes. An interrupt of
   * the calling thread is kept for later.
   */
  void read(SegmentSpan span, int index, ByteBuffer target) throws IOException {
    int start = target.position();
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        Leased<SegmentChannel> leased = channelOf(span);
        SegmentChannel channel = leased.take();
        if (channel == null) {
          continue; // Closed as the longest unused since it was looked up.
        }
        try {
          channel.read(index, target);
          return;
        } catch (ClosedChannelException byAnInterrupt) {
          interrupted |= Thread.interrupted();
          target.position(start);
          forget(span, leased);
        } finally {
          leased.giveBack();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Closes the channels of segments that lie before {@code position}, and opens none again. */
  void dropBefore(long position) {
    List<Leased<SegmentChannel>> dropped = new ArrayList<>();
    synchronized (this) {
      firstPosition = position;
      Iterator<Map.Entry<Long, Leased<SegmentChannel>>> entries = open.entrySet().iterator();
      while (entries.hasNext()) {
        Map.Entry<Long, Leased<SegmentChannel>> entry = entries.next();
        if (entry.getKey() < position) {
          dropped.add(entry.getValue());
          entries.remove();
        }
      }
    }
    dropped.forEach(Leased::end);
  }

  void close() {
    synchronized (this) {
      closed = true;
    }
    dropBefore(Long.MAX_VALUE);
  }

  synchronized int openCount() {
    return open.size();
  }

  private Leased<SegmentChannel> channelOf(SegmentSpan span) throws IOException {
    synchronized (this) {
      if (closed) {
        throw new IOException("the log is closed");
      }
      Leased<SegmentChannel> known = open.get(span.basePosition());
      if (known != null) {
        return known;
      }
    }
    return keep(span, new Leased<>(files.reader(span)));
  }

  private Leased<SegmentChannel> keep(SegmentSpan span, Leased<SegmentChannel> fresh)
      throws IOException {
    Leased<SegmentChannel> kept = fresh;
    @Nullable Leased<SegmentChannel> superfluous = null;
    boolean gone = false;
    synchronized (this) {
      Leased<SegmentChannel> other = open.get(span.basePosition());
      if (other != null) {
        kept = other;
        superfluous = fresh;
      } else if (span.basePosition() < firstPosition) {
        gone = true;
        superfluous = fresh;
      } else {
        open.put(span.basePosition(), fresh);
        superfluous = open.size() > MOST_OPEN ? removeLongestUnused() : null;
      }
    }
    if (superfluous != null) {
      superfluous.end();
    }
    if (gone) {
      throw new IOException("the segment at " + span.basePosition() + " was deleted");
    }
    return kept;
  }

  private Leased<SegmentChannel> removeLongestUnused() {
    Iterator<Leased<SegmentChannel>> oldestFirst = open.values().iterator();
    Leased<SegmentChannel> oldest = oldestFirst.next();
    oldestFirst.remove();
    return oldest;
  }

  private void forget(SegmentSpan span, Leased<SegmentChannel> broken) {
    synchronized (this) {
      open.remove(span.basePosition(), broken);
    }
    broken.end();
  }
}
