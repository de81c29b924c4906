package io.moiety.ra.broker;

import io.moiety.jms.MoietyXAConnectionFactory;
import io.moiety.ra.checkback.CheckBackGroups;
import io.moiety.ra.connection.ConnectionOptions;
import io.moiety.ra.metrics.AdapterMetrics;
import io.moiety.ra.xa.RecoveryWatch;
import jakarta.resource.ResourceException;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.Optional;

/** What connection factories and beans need of a started adapter. Thread-safe. */
public interface BrokerAccess {

  /** An adapter, started or not. */
  interface Holder {

    /**
     * What it offers while it is started.
     *
     * @throws ResourceException when it is not
     */
    BrokerAccess access() throws ResourceException;
  }

  /**
   * A new factory of connections; the caller may change its properties.
   *
   * @param own what is left out there is the adapter's: its broker, its user
   * @throws ResourceException while it is not known where the broker is
   */
  MoietyXAConnectionFactory newConnectionFactory(ConnectionOptions own) throws ResourceException;

  /** The server's view of the calling thread's transaction, on servers that give one. */
  Optional<TransactionSynchronizationRegistry> transactions();

  /** Who answers the broker's questions what became of transactions. */
  CheckBackGroups checkBackGroups();

  AdapterMetrics metrics();

  /**
   * Told what the server's recovery does with the transactions of certain connections.
   *
   * @param own what is left out there is the adapter's: its broker may be nobody else's
   */
  RecoveryWatch recoveryWatch(ConnectionOptions own);
}
