package io.moiety.ra.inbound;

import static java.lang.System.Logger.Level.DEBUG;

import io.moiety.jms.spi.InboundMessage;
import io.moiety.jms.spi.InboundReceiver;
import io.moiety.ra.checkback.ReceivedMessages;
import io.moiety.ra.inbound.EndpointDelivery.Outcome;
import jakarta.jms.JMSException;
import jakarta.resource.spi.UnavailableException;
import java.sql.SQLException;

/**
 * Gives one message to a bean whose transaction records it in the bean's own database, without XA:
 * a row that commits with the bean's work says that the message was processed. It is acknowledged
 * when that is known; if the acknowledgement is lost, the message comes again and is recognised.
 *
 * <p>The row is inserted, and the broker asked whether the message is still leased to this
 * receiver, before the bean is called. Pools, drivers and the server may throw anything meanwhile:
 * then the bean is not called. Stateless.
 */
final class RecordedDelivery {

  private static final System.Logger LOGGER = System.getLogger(RecordedDelivery.class.getName());

  private final Bean bean;
  private final ReceivedMessages received;
  private final Settlement settlement;

  RecordedDelivery(Bean bean, ReceivedMessages received, Settlement settlement) {
    this.bean = bean;
    this.received = received;
    this.settlement = settlement;
  }

  Outcome deliver(InboundReceiver receiver, InboundMessage message) {
    String group = receiver.consumerGroup();
    String id;
    try {
      id = message.message().getJMSMessageID();
      // One that was never handed over was not processed; should that not be known, the row knows.
      if (message.deliveryCount() > 1 && received.wasProcessed(group, id)) {
        return settlement.acknowledged(message);
      }
    } catch (SQLException | JMSException | RuntimeException | Error unknown) {
      return settlement.unavailable(message, unknown);
    }
    BeanCall call;
    try {
      call = BeanCall.create(bean, null);
    } catch (UnavailableException notReady) {
      return settlement.unavailable(message, notReady);
    }
    try {
      return deliver(call, message, group, id);
    } finally {
      call.release();
    }
  }

  private Outcome deliver(BeanCall call, InboundMessage message, String group, String id) {
    try {
      call.begin();
    } catch (UnavailableException notStarted) {
      return settlement.unavailable(message, notStarted);
    }
    ReceivedMessages.Processing processing;
    try {
      processing = received.record(group, id);
      confirm(message);
    } catch (SQLException | JMSException | RuntimeException | Error refused) {
      call.complete();
      // A broker that was killed may not know any more that it has handed the message over.
      return wasProcessedAfterAll(group, id)
          ? settlement.acknowledged(message)
          : settlement.unavailable(message, refused);
    }
    boolean taken = call.call(message);
    call.complete();
    // How it ended, the transaction itself says.
    boolean processed = processing.isCommitted() || (taken && wasProcessedAfterAll(group, id));
    return processed ? settlement.acknowledged(message) : settlement.failed(message);
  }

  /** A transaction that holds a message of somebody else is given up. */
  private void confirm(InboundMessage message) throws JMSException {
    try {
      message.confirmHandOver();
    } catch (JMSException | RuntimeException | Error lost) {
      received.giveUp();
      throw lost;
    }
  }

  /**
   * When its transaction did not commit as far as the server knows, or could not begin. Servers
   * report a lost answer to the database's commit as a rollback.
   */
  private boolean wasProcessedAfterAll(String group, String id) {
    try {
      return received.wasProcessed(group, id);
    } catch (SQLException | RuntimeException | Error unknown) {
      LOGGER.log(DEBUG, "Whether a message was processed shows when it comes again", unknown);
      return false;
    }
  }
}
