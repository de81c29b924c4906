package io.moiety.jms.spi;

import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.jms.XAConnection;

/**
 * What every connection of a {@link io.moiety.jms.MoietyXAConnectionFactory} is; cast to it.
 *
 * <p>For a managed connection: one XA connection with one XA session. Session and XA resource work
 * before {@link #start}, which only opens delivery. While the session works in no branch, sends
 * take effect and received messages are acknowledged at once, so the same session serves outside of
 * transactions. {@code recover}, {@code commit}, {@code rollback} and {@code forget} of its XA
 * resource complete any branch of the broker.
 */
public interface AdapterConnection extends XAConnection {

  /** False from the moment that the connection is known to be lost or closed; asks nobody. */
  boolean isOpen();

  /** Names the broker's store: equal for connections to the same resource manager. */
  String storeUuid();

  /**
   * A session outside of all branches, which acknowledges by itself, and whose messages the outlet
   * may take.
   */
  Session createSession(Outlet outlet) throws JMSException;

  /**
   * Deletes the temporary destinations that were made over this connection, as its end would: a
   * pool keeps it for another application.
   */
  void deleteTemporaryDestinations() throws JMSException;

  /**
   * Opens delivery for inbound work, with a session of its own. Works without {@link #start}.
   *
   * @throws jakarta.jms.InvalidDestinationException when the destination is not of this provider
   * @throws jakarta.jms.InvalidSelectorException when the broker does not understand the selector
   * @throws jakarta.jms.IllegalStateException when the subscription is unshared and in use, or
   *     durable without a client id
   */
  InboundReceiver openInbound(InboundSpec spec) throws JMSException;
}
