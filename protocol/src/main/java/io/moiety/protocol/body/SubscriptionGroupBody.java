package io.moiety.protocol.body;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A consumer group's settings: what UPDATE_AND_CREATE_SUBSCRIPTIONGROUP sets and
 * GET_SUBSCRIPTIONGROUP_CONFIG answers. Members that a request leaves out have RocketMQ's defaults.
 */
public record SubscriptionGroupBody(
    Map<String, String> attributes,
    long brokerId,
    @Nullable Boolean consumeBroadcastEnable,
    @Nullable Boolean consumeEnable,
    @Nullable Boolean consumeFromMinEnable,
    boolean consumeMessageOrderly,
    @Nullable Integer consumeTimeoutMinute,
    String groupName,
    @Nullable RetryPolicyBody groupRetryPolicy,
    int groupSysFlag,
    @Nullable Boolean notifyConsumerIdsChangedEnable,
    @Nullable Integer retryMaxTimes,
    @Nullable Integer retryQueueNums,
    @Nullable Long whichBrokerWhenConsumeSlowly) {

  public SubscriptionGroupBody {
    attributes = Members.map(attributes);
    Members.required(groupName, "groupName");
  }
}
