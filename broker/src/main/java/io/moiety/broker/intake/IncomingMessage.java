package io.moiety.broker.intake;

import io.moiety.protocol.DestinationTexts;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.body.BatchBody;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A message as a producer sent it.
 *
 * @param queueId the queue that the producer chose; negative leaves the choice to the broker
 * @param queuesWanted how many queues the topic gets if this message creates it
 * @param connectionId the connection that it came over
 */
public record IncomingMessage(
    String topic,
    int queueId,
    int queuesWanted,
    int flag,
    int sysFlag,
    long bornTimestampMillis,
    InetSocketAddress bornHost,
    int reconsumeTimes,
    MessageProperties properties,
    ByteBuffer body,
    long connectionId) {

  /**
   * Without what only the broker may say of a message. A client that sends on what it received
   * sends these along; stored again they would speak of the wrong message.
   */
  IncomingMessage withoutMarks() {
    MessageProperties kept =
        properties.has(PropertyNames.BRANCH_XID)
            ? properties.without(
                PropertyNames.CARRIED,
                PropertyNames.DUE_OF,
                PropertyNames.DEAD_LETTER_OF,
                PropertyNames.RESUMED,
                PropertyNames.DECIDED_BY)
            : properties.without(
                PropertyNames.CARRIED,
                PropertyNames.DUE_OF,
                PropertyNames.DEAD_LETTER_OF,
                PropertyNames.RESUMED,
                PropertyNames.DECIDED_BY,
                PropertyNames.BRANCH_INCARNATION,
                PropertyNames.BRANCH_SEQUENCE);
    boolean same = kept.encodedBytes() == properties.encodedBytes();
    return same ? this : with(flag, kept, body);
  }

  /** Without its place in a branch. */
  IncomingMessage outsideBranches() {
    return with(
        flag,
        properties.without(
            PropertyNames.BRANCH_XID,
            PropertyNames.BRANCH_INCARNATION,
            PropertyNames.BRANCH_SEQUENCE),
        body);
  }

  /**
   * Whether it is sent to a temporary destination of Jakarta Messaging. Those end without notice,
   * so a message makes none.
   */
  boolean isToTemporary() {
    return properties
        .get(PropertyNames.JMS_DESTINATION)
        .filter(destination -> DestinationTexts.isTemporary(destination, topic))
        .isPresent();
  }

  /** One message of the batch that this request carries. */
  public IncomingMessage member(BatchBody.Member member) {
    return with(member.flag(), member.properties(), member.body());
  }

  /** The same for another topic, without the delay that it asked for. */
  public IncomingMessage redirected(String newTopic, int newQueueId) {
    return new IncomingMessage(
        newTopic,
        newQueueId,
        queuesWanted,
        flag,
        sysFlag,
        bornTimestampMillis,
        bornHost,
        reconsumeTimes,
        properties.without(PropertyNames.DELAY),
        body,
        connectionId);
  }

  private IncomingMessage with(int newFlag, MessageProperties newProperties, ByteBuffer newBody) {
    return new IncomingMessage(
        topic,
        queueId,
        queuesWanted,
        newFlag,
        sysFlag,
        bornTimestampMillis,
        bornHost,
        reconsumeTimes,
        newProperties,
        newBody,
        connectionId);
  }
}
