package io.moiety.ra.broker;

import static java.lang.System.Logger.Level.INFO;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.ConfigException;
import io.moiety.broker.config.Profile;
import io.moiety.broker.log.StoreDamagedException;
import io.moiety.broker.log.StoreHolder;
import io.moiety.broker.log.StoreLockedException;
import io.moiety.broker.server.ServerStartException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapterInternalException;
import java.util.Map;
import java.util.Optional;

/**
 * Where the adapter's broker is, from the adapter's start to its stop: at the configured addresses,
 * or in this process. Immutable; closing it gives up the use of an embedded broker.
 */
public final class BrokerLocation implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(BrokerLocation.class.getName());

  private final String addresses;
  private final Optional<EmbeddedBroker> embedded;

  private BrokerLocation(String addresses, Optional<EmbeddedBroker> embedded) {
    this.addresses = addresses;
    this.embedded = embedded;
  }

  /** A broker, or several in turn, that somebody else runs. */
  public static BrokerLocation remote(String addresses) {
    return new BrokerLocation(addresses, Optional.empty());
  }

  /**
   * A broker of this process. When another one has the store, as another class loader or a second
   * process on this machine may, it is that one.
   *
   * @param properties RocketMQ's names, the store's directory among them
   */
  public static BrokerLocation embedded(Map<String, String> properties) throws ResourceException {
    try {
      EmbeddedBroker broker = EmbeddedBroker.use(BrokerConfig.of(properties, Profile.EMBEDDED));
      return new BrokerLocation(broker.address(), Optional.of(broker));
    } catch (ConfigException refused) {
      throw new InvalidPropertyException(
          "The embedded broker cannot start: " + refused.getMessage(), refused);
    } catch (StoreLockedException locked) {
      return ofHolder(locked);
    } catch (ServerStartException | StoreDamagedException failure) {
      throw new ResourceAdapterInternalException(
          "The embedded broker did not start: " + failure.getMessage(), failure);
    }
  }

  private static BrokerLocation ofHolder(StoreLockedException locked)
      throws ResourceAdapterInternalException {
    String address =
        locked
            .holder()
            .flatMap(StoreHolder::address)
            .orElseThrow(
                () ->
                    new ResourceAdapterInternalException(
                        locked.getMessage()
                            + " Its address is not known yet: try again, or set addresses.",
                        locked));
    LOGGER.log(INFO, "{0} Using that broker, at {1}.", locked.getMessage(), address);
    return remote(address);
  }

  /** {@code host:port}, several separated by commas. */
  public String addresses() {
    return addresses;
  }

  @Override
  public void close() {
    embedded.ifPresent(EmbeddedBroker::close);
  }
}
