package io.moiety.protocol.body;

import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.Map;

/**
 * The answer to GET_CONSUME_STATS. Written only: see {@link QueueKeyed}.
 *
 * @param consumeTps messages that the group was given in a second, over the last minute
 */
public record ConsumeStatsBody(
    double consumeTps,
    @JsonSerialize(using = QueueKeyed.class) Map<MessageQueueBody, Progress> offsetTable) {

  public ConsumeStatsBody {
    offsetTable = Members.map(offsetTable);
  }

  /**
   * How far a group is in a queue.
   *
   * @param brokerOffset the queue's end
   * @param consumerOffset the next offset that the group reads
   * @param lastTimestamp when the last message that it is done with was stored; 0 when unknown
   * @param pullOffset the offset after the last that it was given
   */
  public record Progress(
      long brokerOffset, long consumerOffset, long lastTimestamp, long pullOffset) {}
}
