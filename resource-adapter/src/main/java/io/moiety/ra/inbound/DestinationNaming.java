package io.moiety.ra.inbound;

import io.moiety.jms.MoietyQueue;
import io.moiety.jms.MoietyTopic;
import io.moiety.ra.connection.ConnectionSource;
import jakarta.jms.Destination;
import jakarta.resource.spi.InvalidPropertyException;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.jspecify.annotations.Nullable;

/**
 * What the name of a destination stands for: an object that the server has under it, else the queue
 * or topic that the broker has under it. Stateless.
 */
final class DestinationNaming {

  /** The server's names. */
  interface Directory {
    @Nullable Object lookup(String name) throws NamingException;
  }

  static final String QUEUE = "jakarta.jms.Queue";
  static final String TOPIC = "jakarta.jms.Topic";

  private static final String JNDI_SCHEME = "java:";

  private final Directory directory;

  DestinationNaming(Directory directory) {
    this.directory = directory;
  }

  /** Looks up in the context of the calling thread. */
  @SuppressWarnings("BanJNDI") // The server's own directory, by a name that its deployer chose.
  static DestinationNaming ofServer() {
    return new DestinationNaming(name -> InitialContext.doLookup(name));
  }

  /**
   * @param type {@link #QUEUE}, {@link #TOPIC} or empty
   */
  Destination resolve(String name, String type) throws InvalidPropertyException {
    @Nullable Object found;
    try {
      found = directory.lookup(name);
    } catch (NamingException unbound) {
      if (name.startsWith(JNDI_SCHEME)) {
        throw new InvalidPropertyException(
            "destinationLookup = "
                + name
                + ": the server has nothing under this name. Define a queue or topic of Moiety's"
                + " there, or give the plain name that it has at the broker",
            unbound);
      }
      return named(name, type);
    }
    return checked(name, type, found);
  }

  /** A connection factory of Moiety's, by its JNDI name. */
  ConnectionSource connectionFactory(String name) throws InvalidPropertyException {
    @Nullable Object found;
    try {
      found = directory.lookup(name);
    } catch (NamingException unbound) {
      throw new InvalidPropertyException(
          "connectionFactoryLookup = "
              + name
              + ": the server has nothing under this name. Give the JNDI name of a connection factory"
              + " of Moiety's, or leave it out for the resource adapter's own connections",
          unbound);
    }
    if (found instanceof ConnectionSource source) {
      return source;
    }
    throw new InvalidPropertyException(
        "connectionFactoryLookup = "
            + name
            + " is a "
            + (found == null ? "null" : found.getClass().getName())
            + ", not a connection factory of Moiety's");
  }

  private static Destination named(String name, String type) throws InvalidPropertyException {
    return switch (type) {
      case QUEUE -> new MoietyQueue(name);
      case TOPIC -> new MoietyTopic(name);
      default ->
          throw new InvalidPropertyException(
              "destinationType is missing: "
                  + name
                  + " is not a JNDI name, so say whether it is a "
                  + QUEUE
                  + " or a "
                  + TOPIC);
    };
  }

  private static Destination checked(String name, String type, @Nullable Object found)
      throws InvalidPropertyException {
    if (!(found instanceof MoietyQueue || found instanceof MoietyTopic)) {
      throw new InvalidPropertyException(
          "destinationLookup = "
              + name
              + " is a "
              + (found == null ? "null" : found.getClass().getName())
              + ", not a queue or topic of Moiety's");
    }
    String foundType = found instanceof MoietyQueue ? QUEUE : TOPIC;
    if (!type.isEmpty() && !type.equals(foundType)) {
      throw new InvalidPropertyException(
          "destinationType = " + type + ", but " + name + " is a " + foundType);
    }
    return (Destination) found;
  }
}
