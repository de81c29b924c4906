package io.moiety.ra.inbound;

import io.moiety.jms.MoietyXAConnectionFactory;
import io.moiety.ra.broker.BrokerAccess;
import io.moiety.ra.connection.ConnectionOptions;
import io.moiety.ra.connection.ConnectionSource;
import io.moiety.ra.xa.RecoveryWatch;
import jakarta.resource.ResourceException;

/**
 * The connections of a bean that names no connection factory: the resource adapter's, as far as the
 * bean says nothing else. Immutable.
 */
record AdapterSource(BrokerAccess broker, ConnectionOptions own) implements ConnectionSource {

  @Override
  public MoietyXAConnectionFactory newConnectionFactory() throws ResourceException {
    return broker.newConnectionFactory(own);
  }

  @Override
  public RecoveryWatch recoveryWatch() {
    return broker.recoveryWatch(own);
  }

  @Override
  public Object recoveryKey() {
    return own;
  }
}
