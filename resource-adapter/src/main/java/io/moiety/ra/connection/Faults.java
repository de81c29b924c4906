package io.moiety.ra.connection;

import io.moiety.client.BrokerAddress;
import jakarta.resource.spi.InvalidPropertyException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Collects what is wrong with a bean's properties, so that all of it is said at once. The same
 * rules stand as constraints of Bean Validation at the properties; these hold where a server does
 * not validate. For one thread.
 */
public final class Faults {

  private final List<String> faults = new ArrayList<>();

  public Faults add(String fault) {
    faults.add(fault);
    return this;
  }

  public void requireRange(String property, long value, long min, long max) {
    if (value < min || value > max) {
      add(property + " = " + value + "; allowed: " + min + ".." + max);
    }
  }

  /** An empty one of the allowed values is not named in the message. */
  public void requireOneOf(String property, String value, String... allowed) {
    if (!Arrays.asList(allowed).contains(value)) {
      List<String> named = Arrays.stream(allowed).filter(one -> !one.isEmpty()).toList();
      add(property + " = " + value + "; allowed: " + String.join(", ", named));
    }
  }

  /** For enumerations that are written in any case. */
  public <E extends Enum<E>> void requireConstant(String property, String value, Class<E> type) {
    List<String> names = Arrays.stream(type.getEnumConstants()).map(Enum::name).toList();
    if (!names.contains(value.trim().toUpperCase(Locale.ROOT))) {
      add(property + " = " + value + "; allowed: " + String.join(", ", names));
    }
  }

  /** A user without a password would be nobody in particular at the broker. */
  public void requireBoth(String userProperty, String user, String secretProperty, String secret) {
    if (user.isEmpty() != secret.isEmpty()) {
      String set = user.isEmpty() ? secretProperty : userProperty;
      String missing = user.isEmpty() ? userProperty : secretProperty;
      add(set + " is set and " + missing + " is not; set both, or none");
    }
  }

  /** {@code host:port,…}, or nothing. */
  public void requireAddresses(String property, String value) {
    if (value.isBlank()) {
      return;
    }
    try {
      BrokerAddress.parseList(value);
    } catch (IllegalArgumentException malformed) {
      add(property + " = " + value + "; " + malformed.getMessage());
    }
  }

  /**
   * Ends the collection.
   *
   * @param what cannot be used, for the message
   */
  public void throwIfAny(String what) throws InvalidPropertyException {
    if (!faults.isEmpty()) {
      throw new InvalidPropertyException(what + " cannot be used: " + String.join("; ", faults));
    }
  }
}
