package io.moiety.protocol.body;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer to GET_ROUTEINFO_BY_TOPIC: the brokers that have a topic, and its queues. */
public record RouteBody(
    @JsonProperty("brokerDatas") List<BrokerBody> brokers,
    Map<String, List<String>> filterServerTable,
    @Nullable String orderTopicConf,
    @JsonProperty("queueDatas") List<QueueData> queues) {

  /** The topic may be read from. */
  public static final int PERM_READ = 4;

  /** The topic may be written to. */
  public static final int PERM_WRITE = 2;

  /** Topics made after this one inherit its settings; only the default topic has it. */
  public static final int PERM_INHERIT = 1;

  public RouteBody {
    brokers = Members.list(brokers);
    filterServerTable = Members.map(filterServerTable);
    queues = Members.list(queues);
  }

  public static RouteBody of(List<BrokerBody> brokers, List<QueueData> queues) {
    return new RouteBody(brokers, Map.of(), null, queues);
  }

  /** The queues that one broker has of the topic; perm is a sum of the PERM constants. */
  public record QueueData(
      String brokerName, int perm, int readQueueNums, int topicSysFlag, int writeQueueNums) {

    public QueueData {
      Members.required(brokerName, "brokerName");
    }
  }
}
