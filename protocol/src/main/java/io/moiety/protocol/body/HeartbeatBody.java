package io.moiety.protocol.body;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** What a client tells of itself with HEART_BEAT: its groups and what they subscribe to. */
public record HeartbeatBody(
    @JsonProperty("clientID") String clientId,
    int heartbeatFingerprint,
    boolean withoutSub,
    @JsonProperty("producerDataSet") List<Producer> producers,
    @JsonProperty("consumerDataSet") List<Consumer> consumers) {

  public HeartbeatBody {
    Members.required(clientId, "clientID");
    producers = Members.list(producers);
    consumers = Members.list(consumers);
  }

  /** A producer group of which the client is a member. */
  public record Producer(String groupName) {

    public Producer {
      Members.required(groupName, "groupName");
    }
  }

  /** A consumer group of which the client is a member, and all its subscriptions. */
  public record Consumer(
      String groupName,
      ConsumeType consumeType,
      MessageModel messageModel,
      ConsumeFrom consumeFromWhere,
      @JsonProperty("subscriptionDataSet") List<SubscriptionBody> subscriptions,
      boolean unitMode) {

    public Consumer {
      Members.required(groupName, "groupName");
      consumeType = consumeType == null ? ConsumeType.CONSUME_PASSIVELY : consumeType;
      messageModel = messageModel == null ? MessageModel.CLUSTERING : messageModel;
      consumeFromWhere =
          consumeFromWhere == null ? ConsumeFrom.CONSUME_FROM_LAST_OFFSET : consumeFromWhere;
      subscriptions = Members.list(subscriptions);
    }
  }

  /** Who drives: the application pulls, or the client library pushes. */
  public enum ConsumeType {
    CONSUME_ACTIVELY,
    CONSUME_PASSIVELY,
    CONSUME_POP
  }

  /** Whether the members share a group's messages or each receives all. */
  public enum MessageModel {
    BROADCASTING,
    CLUSTERING,
    LITE_SELECTIVE
  }

  /** Where a group without an offset begins; the last three are RocketMQ's deprecated ones. */
  public enum ConsumeFrom {
    CONSUME_FROM_LAST_OFFSET,
    CONSUME_FROM_FIRST_OFFSET,
    CONSUME_FROM_TIMESTAMP,
    CONSUME_FROM_LAST_OFFSET_AND_FROM_MIN_WHEN_BOOT_FIRST,
    CONSUME_FROM_MIN_OFFSET,
    CONSUME_FROM_MAX_OFFSET
  }
}
