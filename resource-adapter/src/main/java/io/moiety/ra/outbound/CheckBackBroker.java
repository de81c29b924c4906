package io.moiety.ra.outbound;

import io.moiety.jms.MoietyXAConnectionFactory;
import io.moiety.ra.broker.BrokerAccess;
import io.moiety.ra.checkback.CheckBackGroups;
import io.moiety.ra.connection.ConnectionOptions;
import jakarta.jms.JMSException;
import jakarta.resource.ResourceException;

/**
 * The broker of a connection factory, as a certain user, for check-backs. Immutable.
 *
 * @param options what is left out there is the adapter's
 */
record CheckBackBroker(BrokerAccess adapter, ConnectionOptions options)
    implements CheckBackGroups.Broker {

  @Override
  public Object key() {
    return options;
  }

  @Override
  public MoietyXAConnectionFactory factory() throws JMSException {
    try {
      return adapter.newConnectionFactory(options);
    } catch (ResourceException unavailable) {
      throw Failures.unallocated(unavailable);
    }
  }
}
