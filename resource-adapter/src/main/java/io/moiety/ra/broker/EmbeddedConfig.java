package io.moiety.ra.broker;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How an embedded broker is to run, and by which properties that was said: an instance of the
 * adapter that joins a running one can say which of its own do not hold there. Immutable.
 *
 * @param properties by RocketMQ's names; values may be secret
 */
record EmbeddedConfig(BrokerConfig config, Map<String, String> properties) {

  private static final String LISTEN_PORT = "listenPort";
  private static final String ANY_PORT = "0";

  /** The store's directory is among the properties. */
  static EmbeddedConfig of(Map<String, String> properties) {
    return new EmbeddedConfig(
        BrokerConfig.of(properties, Profile.EMBEDDED), Map.copyOf(properties));
  }

  Path storeDirectory() {
    return config.store().directory();
  }

  /** The names of its properties that are others, or missing, in a running one. */
  Set<String> namesThatDifferFrom(EmbeddedConfig running) {
    Set<String> names = new TreeSet<>();
    properties.forEach(
        (name, value) -> {
          boolean anyIsRight = name.equals(LISTEN_PORT) && value.equals(ANY_PORT);
          if (!anyIsRight && !value.equals(running.properties.get(name))) {
            names.add(name);
          }
        });
    return names;
  }

  @Override
  public String toString() {
    return "embedded broker in " + storeDirectory();
  }
}
