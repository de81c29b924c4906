package io.moiety.client;

import io.moiety.protocol.MessageProperties;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A message to be sent. The body must not change until the send is answered.
 *
 * @param queueId a queue of the topic, or {@link #ANY_QUEUE}
 * @param properties a {@code UNIQ_KEY} is added when there is none
 * @param branch the transaction branch that decides about it
 */
public record OutgoingMessage(
    String topic,
    int queueId,
    MessageProperties properties,
    ByteBuffer body,
    int flag,
    int sysFlag,
    long bornTimestampMillis,
    Optional<BranchPart> branch) {

  /** Leaves the choice to the client: the topic's queues in turn. */
  public static final int ANY_QUEUE = -1;

  public OutgoingMessage {
    if (queueId < ANY_QUEUE) {
      throw new IllegalArgumentException(
          "Queue " + queueId + " of topic " + topic + "; allowed: -1 (any) and more");
    }
  }

  OutgoingMessage with(MessageProperties changed) {
    return new OutgoingMessage(
        topic, queueId, changed, body, flag, sysFlag, bornTimestampMillis, branch);
  }
}
