package io.moiety.broker.delay;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A set of queue offsets. Where many of them are near each other an offset takes a bit, where they
 * are far apart two bytes, so that ten million of them take between 1 and 20 MB, wherever they lie.
 *
 * <p>Owner: the store turn. A {@link Captured} set is for any thread: what it shares with the set
 * is copied before it is changed.
 */
final class OffsetSet {
  private static final int PART_OFFSETS = OffsetPart.OFFSETS;

  /** By offset divided by {@link #PART_OFFSETS}. None is empty. */
  private final TreeMap<Long, OffsetPart> parts = new TreeMap<>();

  private long size;

  boolean contains(long offset) {
    OffsetPart part = parts.get(offset / PART_OFFSETS);
    return part != null && part.contains(indexOf(offset));
  }

  /** False when it was there already. */
  boolean add(long offset) {
    if (offset < 0) {
      throw new IllegalArgumentException(offset + " is no queue offset");
    }
    if (contains(offset)) {
      return false;
    }
    ownPart(offset / PART_OFFSETS).add(indexOf(offset));
    size++;
    return true;
  }

  /** False when it was not there. */
  boolean remove(long offset) {
    if (!contains(offset)) {
      return false;
    }
    OffsetPart part = ownPart(offset / PART_OFFSETS);
    part.remove(indexOf(offset));
    if (part.count() == 0) {
      parts.remove(offset / PART_OFFSETS);
    }
    size--;
    return true;
  }

  /** The smallest member from an offset on. */
  OptionalLong next(long from) {
    long number = from / PART_OFFSETS;
    int index = indexOf(from);
    for (Map.Entry<Long, OffsetPart> part : parts.tailMap(number).entrySet()) {
      int found = part.getValue().next(part.getKey() == number ? index : 0);
      if (found >= 0) {
        return OptionalLong.of(part.getKey() * PART_OFFSETS + found);
      }
    }
    return OptionalLong.empty();
  }

  /** The smallest offset from one on that is no member; however many are, in short time. */
  long nextAbsent(long from) {
    long number = from / PART_OFFSETS;
    int index = indexOf(from);
    OffsetPart part = parts.get(number);
    while (part != null) {
      int absent = part.nextAbsent(index);
      if (absent < PART_OFFSETS) {
        return number * PART_OFFSETS + absent;
      }
      number++;
      index = 0;
      part = parts.get(number);
    }
    return number * PART_OFFSETS + index;
  }

  /** Takes out what lies before an offset. */
  void removeBefore(long offset) {
    remove(0, offset);
  }

  /** Takes out what lies from an offset on, before another. */
  void remove(long from, long end) {
    OptionalLong next = next(from);
    while (next.isPresent() && next.getAsLong() < end) {
      long first = next.getAsLong();
      long number = first / PART_OFFSETS;
      if (from <= number * PART_OFFSETS && (number + 1) * PART_OFFSETS <= end) {
        OffsetPart whole = parts.remove(number);
        size -= whole == null ? 0 : whole.count();
      } else {
        remove(first);
      }
      next = next(first);
    }
  }

  long size() {
    return size;
  }

  /** How much memory the members take. */
  long sizeBytes() {
    return parts.values().stream().mapToLong(OffsetPart::sizeBytes).sum();
  }

  /** The members in order. */
  List<Long> members() {
    List<Long> members = new ArrayList<>();
    for (OptionalLong at = next(0); at.isPresent(); at = next(at.getAsLong() + 1)) {
      members.add(at.getAsLong());
    }
    return members;
  }

  /** The set as it is now; takes as long as there are parts. */
  Captured capture() {
    parts.values().forEach(OffsetPart::capture);
    return new Captured(List.copyOf(parts.keySet()), List.copyOf(parts.values()));
  }

  /** A set that does not change any more. */
  static final class Captured {
    private final List<Long> numbers;
    private final List<OffsetPart> parts;

    private Captured(List<Long> numbers, List<OffsetPart> parts) {
      this.numbers = numbers;
      this.parts = parts;
    }

    /**
     * Count of the parts 4 bytes; of each its number (offset / 65,536) 8, count of its members 4,
     * and {@link OffsetPart#write}.
     */
    void write(DataOutput out) throws IOException {
      out.writeInt(parts.size());
      for (int i = 0; i < parts.size(); i++) {
        out.writeLong(numbers.get(i));
        out.writeInt(parts.get(i).count());
        parts.get(i).write(out);
      }
    }
  }

  /**
   * Adds what {@link Captured#write} wrote.
   *
   * @throws IOException when it is not that
   */
  void restore(DataInput in) throws IOException {
    for (int left = in.readInt(); left > 0; left--) {
      long number = in.readLong();
      int count = in.readInt();
      if (number < 0 || count < 1 || count > PART_OFFSETS) {
        throw new IOException("part %d of %d offsets is none".formatted(number, count));
      }
      byte[] bytes = new byte[OffsetPart.writtenBytes(count)];
      in.readFully(bytes);
      parts.put(number, OffsetPart.read(ByteBuffer.wrap(bytes), count));
      size += count;
    }
  }

  /** The part, made if need be, that may be changed. */
  private OffsetPart ownPart(long number) {
    OffsetPart known = parts.get(number);
    OffsetPart own = known == null ? new OffsetPart() : known.own();
    if (own != known) {
      parts.put(number, own);
    }
    return own;
  }

  private static int indexOf(long offset) {
    return (int) (offset % PART_OFFSETS);
  }
}
