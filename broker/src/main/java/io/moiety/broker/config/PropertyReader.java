package io.moiety.broker.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Takes typed values out of text properties and remembers which were asked for; what is left over
 * is unknown. Confined to the thread that reads a configuration.
 */
final class PropertyReader {

  private final Map<String, String> remaining;

  PropertyReader(Map<String, String> properties) {
    this.remaining = new HashMap<>(properties);
  }

  Optional<String> text(String key) {
    return Optional.ofNullable(remaining.remove(key)).map(String::strip).filter(v -> !v.isEmpty());
  }

  int integer(String key, int absent, int min, int max) {
    return (int) number(key, absent, min, max);
  }

  long number(String key, long absent, long min, long max) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return absent;
    }
    String allowed = "a whole number from " + min + " to " + max;
    try {
      long value = Long.parseLong(text.get());
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      throw new ConfigException(key, text.get(), allowed);
    }
    throw new ConfigException(key, text.get(), allowed);
  }

  boolean flag(String key, boolean absent) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return absent;
    }
    return switch (text.get()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new ConfigException(key, text.get(), "true or false");
    };
  }

  <E extends Enum<E>> E choice(String key, E absent) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return absent;
    }
    E[] choices = absent.getDeclaringClass().getEnumConstants();
    return Arrays.stream(choices)
        .filter(choice -> choice.name().equals(text.get()))
        .findFirst()
        .orElseThrow(() -> new ConfigException(key, text.get(), oneOf(choices)));
  }

  /** As {@link #choice}, of values that RocketMQ writes in lower case. */
  <E extends Enum<E>> E lowerCaseChoice(String key, E absent, String... othersAllowed) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return absent;
    }
    List<String> allowed = new ArrayList<>(List.of(othersAllowed));
    for (E choice : absent.getDeclaringClass().getEnumConstants()) {
      String name = choice.name().toLowerCase(Locale.ROOT);
      if (name.equals(text.get())) {
        return choice;
      }
      allowed.add(name);
    }
    throw new ConfigException(key, text.get(), String.join(", ", allowed));
  }

  boolean has(String key) {
    return !remaining.getOrDefault(key, "").isBlank();
  }

  /** Takes the value away when it is this one. */
  boolean is(String key, String value) {
    return remaining.getOrDefault(key, "").strip().equals(value) && text(key).isPresent();
  }

  /** The one value that this version can do; anything else stops the start. */
  void only(String key, String value, String why) {
    text(key)
        .filter(given -> !given.equals(value))
        .ifPresent(
            given -> {
              throw new ConfigException(key, given, value + " (" + why + ")");
            });
  }

  /** Keys that nothing has asked for, in order. */
  Set<String> unread() {
    return new TreeMap<>(remaining).navigableKeySet();
  }

  private static String oneOf(Object[] choices) {
    return Arrays.stream(choices).map(Object::toString).collect(Collectors.joining(", "));
  }
}
