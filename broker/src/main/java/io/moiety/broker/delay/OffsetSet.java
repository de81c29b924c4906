package io.moiety.broker.delay;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
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
  /** Offsets that a part can hold. */
  private static final int PART_OFFSETS = 1 << Short.SIZE;

  /** Above it bits take less than a list. */
  static final int MAX_LISTED = PART_OFFSETS / Character.SIZE;

  private static final int BIT_WORDS = PART_OFFSETS / Long.SIZE;
  private static final int FIRST_LIST = 8;
  private static final char[] NO_LIST = {};
  private static final long[] NO_BITS = {};

  /** By offset divided by {@link #PART_OFFSETS}. None is empty. */
  private final TreeMap<Long, Part> parts = new TreeMap<>();

  private long size;

  /** The offsets of one part: sorted in a list, or as bits. */
  private static final class Part {
    private char[] list;
    private long[] bits;
    private int count;
    private boolean captured;

    Part(char[] list, long[] bits, int count) {
      this.list = list;
      this.bits = bits;
      this.count = count;
    }

    boolean contains(int index) {
      return bits.length > 0
          ? (bits[index / Long.SIZE] & (1L << index)) != 0
          : Arrays.binarySearch(list, 0, count, (char) index) >= 0;
    }

    /** The smallest member from an index on, or -1. */
    int next(int from) {
      if (bits.length == 0) {
        int found = Arrays.binarySearch(list, 0, count, (char) from);
        int at = found >= 0 ? found : -found - 1;
        return at < count ? list[at] : -1;
      }
      int word = from / Long.SIZE;
      long left = bits[word] & (-1L << from);
      while (left == 0) {
        word++;
        if (word == BIT_WORDS) {
          return -1;
        }
        left = bits[word];
      }
      return word * Long.SIZE + Long.numberOfTrailingZeros(left);
    }

    void add(int index) {
      if (bits.length == 0 && count == MAX_LISTED) {
        toBits();
      }
      if (bits.length > 0) {
        bits[index / Long.SIZE] |= 1L << index;
      } else {
        if (count == list.length) {
          list = Arrays.copyOf(list, Math.min(MAX_LISTED, Math.max(FIRST_LIST, 2 * count)));
        }
        int at = -Arrays.binarySearch(list, 0, count, (char) index) - 1;
        System.arraycopy(list, at, list, at + 1, count - at);
        list[at] = (char) index;
      }
      count++;
    }

    void remove(int index) {
      if (bits.length > 0) {
        bits[index / Long.SIZE] &= ~(1L << index);
      } else {
        int at = Arrays.binarySearch(list, 0, count, (char) index);
        System.arraycopy(list, at + 1, list, at, count - at - 1);
      }
      count--;
      if (bits.length > 0 && count == MAX_LISTED / 2) {
        toList();
      }
    }

    Part copy() {
      return new Part(list.clone(), bits.clone(), count);
    }

    private void toBits() {
      bits = new long[BIT_WORDS];
      for (int i = 0; i < count; i++) {
        bits[list[i] / Long.SIZE] |= 1L << list[i];
      }
      list = NO_LIST;
    }

    private void toList() {
      list = members();
      bits = NO_BITS;
    }

    private char[] members() {
      if (bits.length == 0) {
        return Arrays.copyOf(list, count);
      }
      char[] members = new char[count];
      int index = -1;
      for (int i = 0; i < count; i++) {
        index = next(index + 1);
        members[i] = (char) index;
      }
      return members;
    }
  }

  boolean contains(long offset) {
    Part part = parts.get(offset / PART_OFFSETS);
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
    Part part = ownPart(offset / PART_OFFSETS);
    part.remove(indexOf(offset));
    if (part.count == 0) {
      parts.remove(offset / PART_OFFSETS);
    }
    size--;
    return true;
  }

  /** The smallest member from an offset on. */
  OptionalLong next(long from) {
    long number = from / PART_OFFSETS;
    int index = indexOf(from);
    for (Map.Entry<Long, Part> part : parts.tailMap(number).entrySet()) {
      int found = part.getValue().next(part.getKey() == number ? index : 0);
      if (found >= 0) {
        return OptionalLong.of(part.getKey() * PART_OFFSETS + found);
      }
    }
    return OptionalLong.empty();
  }

  /** Takes out what lies before an offset. */
  void removeBefore(long offset) {
    OptionalLong first = next(0);
    while (first.isPresent() && first.getAsLong() < offset) {
      long number = first.getAsLong() / PART_OFFSETS;
      if ((number + 1) * PART_OFFSETS <= offset) {
        Part whole = parts.remove(number);
        size -= whole == null ? 0 : whole.count;
      } else {
        remove(first.getAsLong());
      }
      first = next(first.getAsLong());
    }
  }

  long size() {
    return size;
  }

  /** How much memory the members take. */
  long sizeBytes() {
    return parts.values().stream()
        .mapToLong(part -> (long) part.list.length * Character.BYTES + (long) part.bits.length * 8)
        .sum();
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
    parts.values().forEach(part -> part.captured = true);
    return new Captured(List.copyOf(parts.keySet()), List.copyOf(parts.values()));
  }

  /** A set that does not change any more. */
  static final class Captured {
    private final List<Long> numbers;
    private final List<Part> parts;

    private Captured(List<Long> numbers, List<Part> parts) {
      this.numbers = numbers;
      this.parts = parts;
    }

    /**
     * Count of the parts 4 bytes; of each its number (offset / 65,536) 8, count of its members 4;
     * then, of at most 4,096 members, what is left of each offset in 2 bytes, and of more, 1,024
     * words of 8 bytes with a bit for each offset, the lowest bit first.
     */
    void write(DataOutput out) throws IOException {
      out.writeInt(parts.size());
      for (int i = 0; i < parts.size(); i++) {
        Part part = parts.get(i);
        out.writeLong(numbers.get(i));
        out.writeInt(part.count);
        if (part.count > MAX_LISTED) {
          ByteBuffer bytes = ByteBuffer.allocate(PART_OFFSETS / Byte.SIZE);
          bytes.asLongBuffer().put(part.bits);
          out.write(bytes.array());
        } else {
          ByteBuffer bytes = ByteBuffer.allocate(part.count * Character.BYTES);
          bytes.asCharBuffer().put(part.members());
          out.write(bytes.array());
        }
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
      byte[] bytes =
          new byte[count > MAX_LISTED ? PART_OFFSETS / Byte.SIZE : count * Character.BYTES];
      in.readFully(bytes);
      parts.put(number, part(ByteBuffer.wrap(bytes), count));
      size += count;
    }
  }

  private static Part part(ByteBuffer bytes, int count) throws IOException {
    char[] list = NO_LIST;
    long[] bits = NO_BITS;
    long found = count;
    if (count > MAX_LISTED) {
      bits = new long[BIT_WORDS];
      bytes.asLongBuffer().get(bits);
      found = Arrays.stream(bits).map(Long::bitCount).sum();
    } else {
      list = new char[count];
      bytes.asCharBuffer().get(list);
    }
    if (found != count) {
      throw new IOException("a part of %d offsets has %d".formatted(count, found));
    }
    return new Part(list, bits, count);
  }

  /** The part, made if need be, that may be changed. */
  private Part ownPart(long number) {
    Part part = parts.get(number);
    if (part == null) {
      part = new Part(NO_LIST, NO_BITS, 0);
      parts.put(number, part);
    } else if (part.captured) {
      part = part.copy();
      parts.put(number, part);
    }
    return part;
  }

  private static int indexOf(long offset) {
    return (int) (offset % PART_OFFSETS);
  }
}
