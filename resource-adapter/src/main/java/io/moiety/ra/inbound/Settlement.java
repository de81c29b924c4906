package io.moiety.ra.inbound;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import io.moiety.jms.spi.InboundMessage;
import io.moiety.ra.inbound.EndpointDelivery.Outcome;
import jakarta.jms.JMSException;

/**
 * Tells the broker what came of a message, where no branch does. Stateless.
 *
 * @param description of the activation, for messages
 */
record Settlement(String description) {

  private static final System.Logger LOGGER = System.getLogger(Settlement.class.getName());

  /** Processed, and in no branch; comes again when the broker does not hear of it. */
  Outcome acknowledged(InboundMessage message) {
    try {
      message.acknowledge();
      return Outcome.TAKEN;
    } catch (JMSException lost) {
      LOGGER.log(
          WARNING,
          "A message that {0} has processed comes again, since it was not acknowledged: {1}",
          description,
          lost.getMessage());
      giveBack(message);
      return Outcome.PROCESSED;
    }
  }

  /** A message that came into no branch must not be acknowledged with the next one. */
  Outcome failed(InboundMessage message) {
    giveBack(message);
    return Outcome.FAILED;
  }

  /** The bean was not called. */
  Outcome unavailable(InboundMessage message, Throwable cause) {
    giveBack(message);
    LOGGER.log(
        WARNING,
        "The endpoint of {0} cannot be called at the moment: {1}",
        description,
        String.valueOf(cause.getMessage()));
    return Outcome.UNAVAILABLE;
  }

  private static void giveBack(InboundMessage message) {
    try {
      message.giveBack();
    } catch (JMSException lost) {
      // The broker gives back everything of a connection that ends, and this one is about to.
      LOGGER.log(DEBUG, "A message could not be given back", lost);
    }
  }
}
