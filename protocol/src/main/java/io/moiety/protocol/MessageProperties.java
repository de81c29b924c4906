package io.moiety.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a message, in order. Immutable; the {@code with} methods answer a changed copy.
 *
 * <p>On the wire and in a record a property is {@code name 0x01 value 0x02}. RocketMQ 4's clients
 * leave out the last 0x02; both are read, the separator is always written. What has no name, no
 * separator or no value is dropped, as RocketMQ's readers do; of two with one name the later holds.
 *
 * <p>What is kept is the encoded form with the places of its separators, not a map: the broker
 * takes properties from a request and writes them to a record, and looks at few of them in between.
 */
public final class MessageProperties {

  static final byte NAME_END = 1;
  static final byte VALUE_END = 2;

  private static final MessageProperties EMPTY = new MessageProperties(new byte[0], new int[0], 0);

  /** Every property with its trailing separator. */
  private final byte[] encoded;

  /** For each property the index of its NAME_END and of its VALUE_END. */
  private final int[] ends;

  private final int count;

  private MessageProperties(byte[] encoded, int[] ends, int count) {
    this.encoded = encoded;
    this.ends = ends;
    this.count = count;
  }

  public static MessageProperties empty() {
    return EMPTY;
  }

  public static MessageProperties parse(String text) {
    return text.isEmpty() ? EMPTY : index(text.getBytes(UTF_8));
  }

  /** Reads what remains of {@code encoded}; its position is left as it is. */
  public static MessageProperties parse(ByteBuffer encoded) {
    if (!encoded.hasRemaining()) {
      return EMPTY;
    }
    byte[] own = new byte[encoded.remaining()];
    encoded.get(encoded.position(), own);
    return index(own);
  }

  /** Those with an empty value are left out, as if they were absent. */
  public static MessageProperties of(Map<String, String> properties) {
    return EMPTY.withAll(properties);
  }

  public Optional<String> get(String name) {
    int found = find(name);
    return found < 0 ? Optional.empty() : Optional.of(value(found));
  }

  public boolean has(String name) {
    return find(name) >= 0;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /**
   * With this property last, and no other of its name. An empty value is as good as none, since
   * RocketMQ's readers drop it.
   *
   * @throws IllegalArgumentException when name or value holds a separator
   */
  public MessageProperties with(String name, String value) {
    return withAll(Map.of(name, value));
  }

  /** {@link #with} for each, in the map's order. */
  public MessageProperties withAll(Map<String, String> added) {
    if (added.isEmpty()) {
      return this;
    }
    Assembly all = new Assembly(encoded.length + 32 * added.size(), count + added.size());
    all.addKept(this, added.keySet().toArray(new String[0]));
    added.forEach(
        (name, value) -> {
          requireRepresentable(name, value);
          all.add(name, value);
        });
    return all.properties();
  }

  public MessageProperties without(String... names) {
    for (String name : names) {
      if (has(name)) {
        Assembly kept = new Assembly(encoded.length, count);
        kept.addKept(this, names);
        return kept.properties();
      }
    }
    return this;
  }

  /** The encoded form, every property with its trailing separator. */
  public byte[] encode() {
    return encoded.clone();
  }

  public int encodedBytes() {
    return encoded.length;
  }

  /** The encoded form as the text that send requests carry. */
  public String toText() {
    return new String(encoded, UTF_8);
  }

  /** All properties in order, unmodifiable. */
  public Map<String, String> asMap() {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      map.put(new String(encoded, start(i), ends[2 * i] - start(i), UTF_8), value(i));
    }
    return Collections.unmodifiableMap(map);
  }

  /** Writes the encoded form at {@code index}, without moving the target's position. */
  void putInto(ByteBuffer target, int index) {
    target.put(index, encoded);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MessageProperties that && Arrays.equals(encoded, that.encoded);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded);
  }

  @Override
  public String toString() {
    return asMap().toString();
  }

  private int start(int property) {
    return property == 0 ? 0 : ends[2 * property - 1] + 1;
  }

  private String value(int property) {
    int from = ends[2 * property] + 1;
    return new String(encoded, from, ends[2 * property + 1] - from, UTF_8);
  }

  private int find(String name) {
    for (int i = count - 1; i >= 0; i--) {
      if (ends[2 * i] - start(i) == name.length() && isAsciiNamed(i, name)) {
        return i;
      }
    }
    return isAscii(name) ? -1 : findBytes(name.getBytes(UTF_8));
  }

  /** Never true for a name with other than ASCII characters, since bytes above 127 are negative. */
  private boolean isAsciiNamed(int property, String name) {
    int from = start(property);
    for (int i = 0; i < name.length(); i++) {
      if (encoded[from + i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAscii(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) > 127) {
        return false;
      }
    }
    return true;
  }

  private int findBytes(byte[] name) {
    for (int i = count - 1; i >= 0; i--) {
      if (isNamed(i, name)) {
        return i;
      }
    }
    return -1;
  }

  private boolean named(int property, String[] names) {
    for (String name : names) {
      boolean same =
          isAscii(name)
              ? ends[2 * property] - start(property) == name.length()
                  && isAsciiNamed(property, name)
              : isNamed(property, name.getBytes(UTF_8));
      if (same) {
        return true;
      }
    }
    return false;
  }

  private boolean isNamed(int property, byte[] name) {
    return Arrays.equals(encoded, start(property), ends[2 * property], name, 0, name.length);
  }

  private static void requireRepresentable(String name, String value) {
    if (name.isEmpty() || name.indexOf(NAME_END) >= 0 || name.indexOf(VALUE_END) >= 0) {
      throw new IllegalArgumentException(
          "a property name must have characters, and none of them 0x01 or 0x02: '" + name + "'");
    }
    if (value.indexOf(VALUE_END) >= 0) {
      throw new IllegalArgumentException(
          "the value of property '" + name + "' has the character 0x02, which ends a property");
    }
  }

  /**
   * Finds the separators in {@code own}, which belongs to the result from now on, and closes the
   * gaps that dropped properties leave.
   */
  private static MessageProperties index(byte[] own) {
    int[] ends = new int[24];
    int count = 0;
    int used = 0;
    int from = 0;
    int nameEnd = -1;
    byte[] bytes = own;
    for (int at = 0; at <= own.length; at++) {
      if (at < own.length && own[at] != VALUE_END) {
        if (own[at] == NAME_END && nameEnd < 0) {
          nameEnd = at;
        }
        continue;
      }
      if (nameEnd > from && at > nameEnd + 1) {
        if (2 * count == ends.length) {
          ends = Arrays.copyOf(ends, 2 * ends.length);
        }
        if (used + at - from == bytes.length) {
          bytes = Arrays.copyOf(bytes, bytes.length + 1);
        }
        System.arraycopy(bytes, from, bytes, used, at - from);
        ends[2 * count] = used + nameEnd - from;
        ends[2 * count + 1] = used + at - from;
        bytes[used + at - from] = VALUE_END;
        used += at - from + 1;
        count++;
      }
      from = at + 1;
      nameEnd = -1;
    }
    byte[] encoded = used == bytes.length ? bytes : Arrays.copyOf(bytes, used);
    return count == 0 ? EMPTY : new MessageProperties(encoded, ends, count);
  }

  /** Properties being put together from those of others and new ones, which need no look again. */
  private static final class Assembly {
    private byte[] encoded;
    private final int[] ends;
    private int used;
    private int count;

    Assembly(int expectedBytes, int maxCount) {
      encoded = new byte[expectedBytes];
      ends = new int[2 * maxCount];
    }

    /** All of another's but those with these names. */
    void addKept(MessageProperties others, String[] left) {
      for (int i = 0; i < others.count; i++) {
        if (!others.named(i, left)) {
          int start = others.start(i);
          int nameBytes = others.ends[2 * i] - start;
          add(others.encoded, start, nameBytes, others.ends[2 * i + 1] - start);
        }
      }
    }

    void add(String name, String value) {
      if (!value.isEmpty()) {
        byte[] text = (name + (char) NAME_END + value).getBytes(UTF_8);
        int nameBytes = 0;
        while (text[nameBytes] != NAME_END) {
          nameBytes++;
        }
        add(text, 0, nameBytes, text.length);
      }
    }

    private void add(byte[] from, int start, int nameBytes, int bytes) {
      if (used + bytes >= encoded.length) {
        encoded = Arrays.copyOf(encoded, Math.max(2 * encoded.length, used + bytes + 1));
      }
      System.arraycopy(from, start, encoded, used, bytes);
      ends[2 * count] = used + nameBytes;
      ends[2 * count + 1] = used + bytes;
      encoded[used + bytes] = VALUE_END;
      used += bytes + 1;
      count++;
    }

    MessageProperties properties() {
      return count == 0
          ? EMPTY
          : new MessageProperties(
              used == encoded.length ? encoded : Arrays.copyOf(encoded, used), ends, count);
    }
  }
}
