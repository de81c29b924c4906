package io.moiety.jms;

import io.moiety.client.BranchPart;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.SendReceipt;
import io.moiety.jms.spi.Outlet;
import io.moiety.protocol.UniqueKeys;
import jakarta.jms.CompletionListener;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The way of a message from any of a session's producers to the broker: checked, stamped, encoded,
 * sent in the session's transaction.
 *
 * <p>Used by one thread at a time, as its session.
 */
final class MessageSender {

  private final Outlet outlet;
  private final Link link;
  private final TopicCache topics;
  private final TransactionContext transaction;
  private final CompletionQueue completions;
  private final UniqueKeys messageIds;
  private final String senderId;
  private final int sessionNumber;
  private final Clock clock;

  /**
   * @param outlet may take messages over
   * @param senderId what noLocal compares
   * @param sessionNumber picks the queue of topics that have several, so that a session's messages
   *     stay in order
   */
  MessageSender(
      Outlet outlet,
      Link link,
      TopicCache topics,
      TransactionContext transaction,
      CompletionQueue completions,
      UniqueKeys messageIds,
      String senderId,
      int sessionNumber,
      Clock clock) {
    this.outlet = outlet;
    this.link = link;
    this.topics = topics;
    this.transaction = transaction;
    this.completions = completions;
    this.messageIds = messageIds;
    this.senderId = senderId;
    this.sessionNumber = sessionNumber;
    this.clock = clock;
  }

  void send(@Nullable Message message, Destination to, SendOptions options) throws JMSException {
    OutgoingMessage outgoing = prepare(requireMessage(message), to, options);
    if (outlet.take(outgoing) || transaction.keep(outgoing)) {
      return;
    }
    CompletableFuture<SendReceipt> answer = link.send(outgoing);
    transaction.sent(answer, outgoing.body().remaining());
  }

  void send(
      @Nullable Message message, Destination to, SendOptions options, CompletionListener listener)
      throws JMSException {
    Message sent = requireMessage(message);
    Semaphore reserved = completions.reserve();
    OutgoingMessage outgoing;
    try {
      outgoing = prepare(sent, to, options);
    } catch (JMSException | RuntimeException refused) {
      reserved.release();
      throw refused;
    }
    CompletableFuture<SendReceipt> answer = link.send(outgoing);
    completions.add(sent, answer, listener, reserved);
    transaction.sentAsynchronously(answer, outgoing.body().remaining());
  }

  private static Message requireMessage(@Nullable Message message) throws JMSException {
    if (message == null) {
      throw new MessageFormatException("There is no message to send");
    }
    return message;
  }

  /**
   * Waits for the sends under way and their listeners.
   *
   * @throws jakarta.jms.IllegalStateException from one of those listeners
   */
  void finishAsynchronous() throws JMSException {
    completions.requireNotInListener("close");
    completions.awaitAll();
  }

  private OutgoingMessage prepare(Message message, Destination to, SendOptions options)
      throws JMSException {
    boolean inBranch = transaction.beginWork().isPresent();
    NamedDestination destination = DestinationNames.own(to);
    String topic = DestinationNames.topic(destination);
    int queues =
        destination.kind().isTemporary() && !transaction.isOpen()
            ? TopicCache.QUEUES_OF_NEW_TOPICS
            : topics.queues(destination, topic);
    String messageId = JmsMessage.ID_PREFIX + messageIds.next();
    long nowMillis = clock.millis();
    options.stamp(message, destination, messageId, nowMillis);
    JmsMessage own = message instanceof JmsMessage ours ? ours : ForeignMessages.copy(message);
    if (own != message) {
      options.stamp(own, destination, messageId, nowMillis);
    }
    return outgoing(own, topic, Math.floorMod(sessionNumber, queues), nowMillis, inBranch);
  }

  /**
   * The branch is joined last, so that a message which cannot be sent does not count in it.
   *
   * @param inBranch whether the send began in a transaction manager's branch; it is refused when
   *     that ended meanwhile, since it would take effect at once
   */
  private OutgoingMessage outgoing(
      JmsMessage message, String topic, int queueId, long nowMillis, boolean inBranch)
      throws JMSException {
    OutgoingMessage outside = MessageEncoder.encode(message, topic, queueId, senderId, nowMillis);
    int bodyBytes = outside.body().remaining();
    if (bodyBytes > link.maxMessageBytes()) {
      throw new MessageFormatException(
          "A body of "
              + bodyBytes
              + " bytes is larger than the "
              + link.maxMessageBytes()
              + " that the broker stores; raise its maxMessageSize or send less");
    }
    Optional<BranchPart> part = transaction.joinSend();
    if (inBranch && part.isEmpty()) {
      throw JmsExceptions.branchEnded("the message was not sent");
    }
    return part.isEmpty()
        ? outside
        : new OutgoingMessage(
            topic,
            queueId,
            outside.properties(),
            outside.body(),
            outside.flag(),
            outside.sysFlag(),
            outside.bornTimestampMillis(),
            part);
  }
}
