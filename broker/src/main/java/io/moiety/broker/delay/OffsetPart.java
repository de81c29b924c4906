package io.moiety.broker.delay;

import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The offsets of one part of an {@link OffsetSet}, by their distance from its begin: sorted in a
 * list, or as bits.
 *
 * <p>Owner: that of the set. A captured part is not changed any more, but copied.
 */
final class OffsetPart {
  /** Offsets that a part can hold. */
  static final int OFFSETS = 1 << Short.SIZE;

  /** Above it bits take less than a list. */
  static final int MAX_LISTED = OFFSETS / Character.SIZE;

  private static final int BIT_WORDS = OFFSETS / Long.SIZE;
  private static final int FIRST_LIST = 8;
  private static final char[] NO_LIST = {};
  private static final long[] NO_BITS = {};

  private char[] list;
  private long[] bits;
  private int count;
  private boolean captured;

  /** An empty part. */
  OffsetPart() {
    this(NO_LIST, NO_BITS, 0);
  }

  private OffsetPart(char[] list, long[] bits, int count) {
    this.list = list;
    this.bits = bits;
    this.count = count;
  }

  int count() {
    return count;
  }

  boolean contains(int index) {
    return bits.length > 0
        ? (bits[index / Long.SIZE] & (1L << index)) != 0
        : Arrays.binarySearch(list, 0, count, (char) index) >= 0;
  }

  /** The smallest member from an index on, or -1. */
  int next(int from) {
    if (bits.length > 0) {
      return nextBit(from, 0);
    }
    int found = Arrays.binarySearch(list, 0, count, (char) from);
    int at = found >= 0 ? found : -found - 1;
    return at < count ? list[at] : -1;
  }

  /** The smallest index from one on that is no member, or {@link #OFFSETS}. */
  int nextAbsent(int from) {
    if (bits.length > 0) {
      int found = nextBit(from, -1);
      return found < 0 ? OFFSETS : found;
    }
    int absent = from;
    int at = Arrays.binarySearch(list, 0, count, (char) from);
    while (at >= 0 && at < count && list[at] == absent) {
      absent++;
      at++;
    }
    return absent;
  }

  /** The first bit from one on that differs from those of the mask, or -1. */
  private int nextBit(int from, long mask) {
    int word = from / Long.SIZE;
    long left = (bits[word] ^ mask) & (-1L << from);
    while (left == 0) {
      word++;
      if (word == BIT_WORDS) {
        return -1;
      }
      left = bits[word] ^ mask;
    }
    return word * Long.SIZE + Long.numberOfTrailingZeros(left);
  }

  /** An index that is no member becomes one. */
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

  /** A member is none any more. */
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

  /** From now on it is shared with who captured it. */
  void capture() {
    captured = true;
  }

  /** This part, or a copy of it that may be changed. */
  OffsetPart own() {
    return captured ? new OffsetPart(list.clone(), bits.clone(), count) : this;
  }

  /** How much memory the members take. */
  long sizeBytes() {
    return (long) list.length * Character.BYTES + (long) bits.length * Long.BYTES;
  }

  /**
   * Of at most 4,096 members each in 2 bytes; of more, 1,024 words of 8 bytes with a bit for each,
   * the lowest bit first.
   */
  void write(DataOutput out) throws IOException {
    if (count > MAX_LISTED) {
      ByteBuffer bytes = ByteBuffer.allocate(OFFSETS / Byte.SIZE);
      bytes.asLongBuffer().put(bits);
      out.write(bytes.array());
    } else {
      ByteBuffer bytes = ByteBuffer.allocate(count * Character.BYTES);
      bytes.asCharBuffer().put(members());
      out.write(bytes.array());
    }
  }

  /** How many bytes {@link #write} wrote of a part with so many members. */
  static int writtenBytes(int count) {
    return count > MAX_LISTED ? OFFSETS / Byte.SIZE : count * Character.BYTES;
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException when it has another number of members
   */
  static OffsetPart read(ByteBuffer bytes, int count) throws IOException {
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
    return new OffsetPart(list, bits, count);
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
