package io.moiety.ra.inbound;

import io.moiety.jms.spi.AdapterConnection;
import jakarta.jms.JMSException;
import java.util.Optional;

/** Makes the connections that message-driven beans receive over. Thread-safe. */
public interface ReceivingConnections {

  /** Blocks for a bounded time. */
  AdapterConnection open(Optional<String> clientId) throws JMSException;
}
