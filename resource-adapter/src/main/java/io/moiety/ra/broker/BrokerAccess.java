package io.moiety.ra.broker;

import io.moiety.jms.MoietyXAConnectionFactory;
import jakarta.resource.ResourceException;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.Optional;

/** What the parts of the adapter need of a started one. Thread-safe. */
public interface BrokerAccess {

  /**
   * A new factory of connections to the adapter's broker, with the adapter's own user; the caller
   * may change its properties.
   *
   * @throws ResourceException when the adapter is not started
   */
  MoietyXAConnectionFactory newConnectionFactory() throws ResourceException;

  /** The server's view of the calling thread's transaction, on servers that give one. */
  Optional<TransactionSynchronizationRegistry> transactions();
}
