package io.moiety.protocol.body;

import org.jspecify.annotations.Nullable;

/** What QUERY_ASSIGNMENT asks: which queues of a topic a member of a group is to read, and how. */
public record QueryAssignmentBody(
    String clientId,
    String consumerGroup,
    HeartbeatBody.@Nullable MessageModel messageModel,
    @Nullable String strategyName,
    String topic) {

  public QueryAssignmentBody {
    Members.required(clientId, "clientId");
    Members.required(consumerGroup, "consumerGroup");
    Members.required(topic, "topic");
  }
}
