package io.moiety.broker.intake;

import io.moiety.protocol.MessageProperties;
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

  /** One message of the batch that this request carries. */
  public IncomingMessage member(BatchBody.Member member) {
    return new IncomingMessage(
        topic,
        queueId,
        queuesWanted,
        member.flag(),
        sysFlag,
        bornTimestampMillis,
        bornHost,
        reconsumeTimes,
        member.properties(),
        member.body(),
        connectionId);
  }
}
