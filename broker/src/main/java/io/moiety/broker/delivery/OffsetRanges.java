package io.moiety.broker.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of queue offsets, kept as ranges that neither overlap nor touch: what was acknowledged in
 * order is one range, however long. Confined to the store turn.
 */
final class OffsetRanges {
  private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();
  private long size;

  /** Offsets from first to last, both inclusive. */
  record Range(long first, long last) {
    long size() {
      return last - first + 1;
    }
  }

  /** Takes a range, both offsets inclusive. */
  @FunctionalInterface
  interface RangeConsumer {
    void range(long first, long last);
  }

  boolean isEmpty() {
    return lastByFirst.isEmpty();
  }

  /** How many offsets are in the set. */
  long size() {
    return size;
  }

  int rangeCount() {
    return lastByFirst.size();
  }

  boolean contains(long offset) {
    Map.Entry<Long, Long> range = lastByFirst.floorEntry(offset);
    return range != null && range.getValue() >= offset;
  }

  /** The smallest offset from {@code from} on that is not in the set. */
  long nextAbsent(long from) {
    Map.Entry<Long, Long> range = lastByFirst.floorEntry(from);
    return range != null && range.getValue() >= from ? range.getValue() + 1 : from;
  }

  void add(long offset) {
    add(offset, offset);
  }

  void add(long first, long last) {
    long newFirst = first;
    long newLast = last;
    Map.Entry<Long, Long> neighbour = lastByFirst.floorEntry(newLast + 1);
    while (neighbour != null && neighbour.getValue() >= newFirst - 1) {
      newFirst = Math.min(newFirst, neighbour.getKey());
      newLast = Math.max(newLast, neighbour.getValue());
      drop(neighbour);
      neighbour = lastByFirst.floorEntry(newLast + 1);
    }
    put(newFirst, newLast);
  }

  void remove(long offset) {
    remove(offset, offset);
  }

  void remove(long first, long last) {
    Map.Entry<Long, Long> range = lastByFirst.floorEntry(last);
    while (range != null && range.getValue() >= first) {
      long rangeFirst = range.getKey();
      long rangeLast = range.getValue();
      drop(range);
      if (rangeLast > last) {
        put(last + 1, rangeLast);
      }
      if (rangeFirst < first) {
        put(rangeFirst, first - 1);
      }
      range = lastByFirst.floorEntry(last);
      if (range != null && range.getValue() < first) {
        return;
      }
    }
  }

  void removeBelow(long offset) {
    if (offset > 0) {
      remove(0, offset - 1);
    }
  }

  void clear() {
    lastByFirst.clear();
    size = 0;
  }

  List<Range> ranges() {
    List<Range> ranges = new ArrayList<>(lastByFirst.size());
    lastByFirst.forEach((first, last) -> ranges.add(new Range(first, last)));
    return ranges;
  }

  void forEach(RangeConsumer consumer) {
    lastByFirst.forEach(consumer::range);
  }

  private void put(long first, long last) {
    lastByFirst.put(first, last);
    size += last - first + 1;
  }

  private void drop(Map.Entry<Long, Long> range) {
    lastByFirst.remove(range.getKey());
    size -= range.getValue() - range.getKey() + 1;
  }
}
