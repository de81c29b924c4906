package io.moiety.protocol.body;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What bodies demand of their members as they are made; JSON leaves absent ones null. */
final class Members {

  private Members() {}

  static <T> T required(@Nullable T value, String name) {
    if (value == null) {
      throw new IllegalArgumentException("member '" + name + "' is missing");
    }
    return value;
  }

  static <T> List<T> list(@Nullable List<T> value) {
    return value == null ? List.of() : List.copyOf(value);
  }

  /** In the order of the given map. */
  static <K, V> Map<K, V> map(@Nullable Map<K, V> value) {
    return value == null || value.isEmpty()
        ? Map.of()
        : Collections.unmodifiableMap(new LinkedHashMap<>(value));
  }
}
