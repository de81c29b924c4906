package io.moiety.protocol.body;

import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.Map;

/**
 * The answer to GET_TOPIC_STATS_INFO. Written only: see {@link QueueKeyed}.
 *
 * @param topicPutTps messages that came in a second, over the last minute
 */
public record TopicStatsBody(
    @JsonSerialize(using = QueueKeyed.class) Map<MessageQueueBody, QueueRange> offsetTable,
    double topicPutTps) {

  public TopicStatsBody {
    offsetTable = Members.map(offsetTable);
  }

  /**
   * What a queue holds.
   *
   * @param lastUpdateTimestamp when its last message was stored; 0 when there is none
   * @param maxOffset the offset after the last
   */
  public record QueueRange(long lastUpdateTimestamp, long maxOffset, long minOffset) {}
}
