package io.moiety.broker.retention;

import io.moiety.broker.store.RecordSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The records of a segment that are still needed, in log order, up to a bound: above it the segment
 * is not worth to be emptied. Confined to the store turn.
 */
public final class LiveSet {
  private final long maxBytes;
  private final TreeMap<Long, Integer> sizeByPosition = new TreeMap<>();
  private long bytes;
  private boolean pinned;
  private boolean untold;

  LiveSet(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** A record that is needed; again is no harm. */
  public void add(long position, int sizeBytes) {
    if (sizeByPosition.put(position, sizeBytes) == null) {
      bytes += sizeBytes;
    }
  }

  /** Something is needed just where it lies. */
  public void pin() {
    pinned = true;
  }

  /**
   * What is needed is not known, since something that tells it is damaged: the records themselves
   * have to be asked for ({@link LiveRecords#needs}).
   */
  public void cannotTell() {
    untold = true;
  }

  /** Whether somebody could not tell. */
  boolean isUntold() {
    return untold;
  }

  /** True when the segment is not worth emptying, or must not be: nobody need go on adding. */
  public boolean isFull() {
    return pinned || bytes > maxBytes;
  }

  boolean isEmpty() {
    return sizeByPosition.isEmpty();
  }

  int count() {
    return sizeByPosition.size();
  }

  long bytes() {
    return bytes;
  }

  /** The first of them in log order, as long as they are not too many or too large; one always. */
  List<RecordSpan> first(int maxRecords, long enoughBytes) {
    List<RecordSpan> first = new ArrayList<>();
    long firstBytes = 0;
    for (Map.Entry<Long, Integer> record : sizeByPosition.entrySet()) {
      if (first.size() >= maxRecords || firstBytes >= enoughBytes) {
        break;
      }
      first.add(new RecordSpan(record.getKey(), record.getValue()));
      firstBytes += record.getValue();
    }
    return first;
  }

  /** It is carried, or need not be. */
  void remove(long position) {
    Integer sizeBytes = sizeByPosition.remove(position);
    if (sizeBytes != null) {
      bytes -= sizeBytes;
    }
  }
}
