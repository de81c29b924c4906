package io.moiety.ra.inbound;

import io.moiety.jms.spi.AdapterConnection;
import jakarta.jms.JMSException;
import jakarta.resource.ResourceException;
import java.util.Optional;

/** Makes the connections that a message-driven bean receives over. Thread-safe. */
interface ReceivingConnections {

  /** Blocks for a bounded time. */
  AdapterConnection open(Optional<String> clientId) throws JMSException, ResourceException;
}
