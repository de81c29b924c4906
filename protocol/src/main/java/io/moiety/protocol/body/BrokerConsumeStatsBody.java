package io.moiety.protocol.body;

import java.util.List;
import java.util.Map;

/**
 * The answer to GET_BROKER_CONSUME_STATS: of every group, its progress topic by topic.
 *
 * @param totalDiff messages that groups are behind, all together
 * @param totalInflightDiff messages that they were given and are not done with
 */
public record BrokerConsumeStatsBody(
    String brokerAddr,
    List<Map<String, List<ConsumeStatsBody>>> consumeStatsList,
    long totalDiff,
    long totalInflightDiff) {

  public BrokerConsumeStatsBody {
    Members.required(brokerAddr, "brokerAddr");
    consumeStatsList = Members.list(consumeStatsList);
  }
}
