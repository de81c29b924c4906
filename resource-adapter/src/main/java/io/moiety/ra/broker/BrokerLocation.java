package io.moiety.ra.broker;

import io.moiety.broker.config.ConfigException;
import io.moiety.ra.work.ContainerTasks;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.InvalidPropertyException;
import java.util.Map;

/**
 * Where the adapter's broker is, from the adapter's start to its stop: at the configured addresses,
 * or on this machine. To be asked for each connection, since it may change. Thread-safe.
 */
public sealed interface BrokerLocation extends AutoCloseable permits RemoteBroker, StoreShare {

  /** A broker, or several in turn, that somebody else runs. */
  static BrokerLocation remote(String addresses) {
    return new RemoteBroker(addresses);
  }

  /**
   * A broker of this process. While another one has the store, as another class loader or a second
   * process on this machine may, it is that one.
   *
   * @param properties RocketMQ's names, the store's directory among them
   */
  static BrokerLocation embedded(Map<String, String> properties, ContainerTasks tasks)
      throws ResourceException {
    try {
      return StoreShare.open(EmbeddedConfig.of(properties), tasks);
    } catch (ConfigException refused) {
      throw new InvalidPropertyException(
          "The embedded broker cannot start: " + refused.getMessage(), refused);
    }
  }

  /**
   * {@code host:port}, several separated by commas.
   *
   * @throws ResourceException while nobody knows it, because the broker is just being started
   */
  String addresses() throws ResourceException;

  /** Whether the broker runs by this adapter's doing. */
  boolean isOwn();

  /** Gives up the use of a broker in this process. */
  @Override
  void close();
}
