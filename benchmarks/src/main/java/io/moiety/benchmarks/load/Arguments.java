package io.moiety.benchmarks.load;

import java.util.HashMap;
import java.util.Map;

/** The arguments of a child JVM, {@code name=value} each. Immutable. */
public final class Arguments {

  private final Map<String, String> values;

  private Arguments(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Takes them apart.
   *
   * @throws IllegalArgumentException for one that is no {@code name=value}
   */
  public static Arguments parse(String[] arguments) {
    Map<String, String> values = new HashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("'" + argument + "' is no name=value");
      }
      values.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    return new Arguments(values);
  }

  public String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the argument " + name + "= is missing");
    }
    return value;
  }

  public int number(String name) {
    return Integer.parseInt(text(name));
  }
}
