package io.moiety.protocol;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a command's header, in order, with checked access. Immutable.
 *
 * <p>Kept in one flat array and found by scanning: a header has about fifteen fields with names of
 * a few characters, for which this is smaller and faster than a map. {@link #MAX_FIELDS} bounds the
 * scan.
 */
public final class Fields {

  /** RocketMQ's longest headers have some twenty. */
  public static final int MAX_FIELDS = 256;

  private static final Fields EMPTY = new Fields(new String[0]);

  /** name, value, name, value … */
  private final String[] pairs;

  private Fields(String[] pairs) {
    this.pairs = pairs;
  }

  public static Fields empty() {
    return EMPTY;
  }

  public static Builder builder() {
    return new Builder();
  }

  public int count() {
    return pairs.length / 2;
  }

  public Optional<String> text(String name) {
    return Optional.ofNullable(find(name));
  }

  public String requiredText(String name) {
    return required(name, "present");
  }

  public int requiredInt(String name) {
    return toInt(name, required(name, INT));
  }

  public long requiredLong(String name) {
    return toLong(name, required(name, LONG));
  }

  /** The field's value, or {@code absent} when there is no such field; malformed is refused. */
  public int intOr(String name, int absent) {
    String value = find(name);
    return value == null ? absent : toInt(name, value);
  }

  /** The field's value, or {@code absent} when there is no such field; malformed is refused. */
  public long longOr(String name, long absent) {
    String value = find(name);
    return value == null ? absent : toLong(name, value);
  }

  /** True for "true", false for "false" and when absent. */
  public boolean flag(String name) {
    String value = find(name);
    if (value == null || value.equalsIgnoreCase("false")) {
      return false;
    }
    if (value.equalsIgnoreCase("true")) {
      return true;
    }
    throw new BadFieldException(name, value, "true or false");
  }

  /** All fields in order, unmodifiable. */
  public Map<String, String> asMap() {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return Collections.unmodifiableMap(map);
  }

  String nameAt(int index) {
    return pairs[2 * index];
  }

  String valueAt(int index) {
    return pairs[2 * index + 1];
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Fields that && Arrays.equals(pairs, that.pairs);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(pairs);
  }

  @Override
  public String toString() {
    return asMap().toString();
  }

  private static final String INT = "a whole number of 32 bits";
  private static final String LONG = "a whole number of 64 bits";

  private @Nullable String find(String name) {
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i].equals(name)) {
        return pairs[i + 1];
      }
    }
    return null;
  }

  private String required(String name, String allowed) {
    String value = find(name);
    if (value == null) {
      throw new BadFieldException(name, null, allowed);
    }
    return value;
  }

  private static int toInt(String name, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException notANumber) {
      throw new BadFieldException(name, value, INT);
    }
  }

  private static long toLong(String name, String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException notANumber) {
      throw new BadFieldException(name, value, LONG);
    }
  }

  /** Collects fields; a name put twice keeps its place and takes the later value. */
  public static final class Builder {

    private String[] pairs = new String[32];
    private int used;

    private Builder() {}

    public Builder put(String name, String value) {
      for (int i = 0; i < used; i += 2) {
        if (pairs[i].equals(name)) {
          pairs[i + 1] = value;
          return this;
        }
      }
      if (used == 2 * MAX_FIELDS) {
        throw new IllegalArgumentException("more than " + MAX_FIELDS + " header fields");
      }
      if (used == pairs.length) {
        pairs = Arrays.copyOf(pairs, 2 * used);
      }
      pairs[used++] = name;
      pairs[used++] = value;
      return this;
    }

    public Builder put(String name, int value) {
      return put(name, Integer.toString(value));
    }

    public Builder put(String name, long value) {
      return put(name, Long.toString(value));
    }

    public Builder put(String name, boolean value) {
      return put(name, Boolean.toString(value));
    }

    public Fields build() {
      return used == 0 ? EMPTY : new Fields(Arrays.copyOf(pairs, used));
    }
  }
}
