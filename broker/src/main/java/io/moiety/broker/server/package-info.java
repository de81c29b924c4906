/**
 * The network side: connections and frames, which request goes to whom, and the answers themselves.
 *
 * <p>Requests are decoded and routed on the event loops of {@link
 * io.moiety.broker.server.BrokerServer}; what touches the state of the broker goes to the store
 * turn.
 */
@NullMarked
package io.moiety.broker.server;

import org.jspecify.annotations.NullMarked;
