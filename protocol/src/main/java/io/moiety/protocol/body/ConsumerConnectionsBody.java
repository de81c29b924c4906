package io.moiety.protocol.body;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer to GET_CONSUMER_CONNECTION_LIST: a group's members and subscriptions by topic. */
public record ConsumerConnectionsBody(
    @JsonProperty("connectionSet") List<ConnectionBody> connections,
    HeartbeatBody.@Nullable ConsumeFrom consumeFromWhere,
    HeartbeatBody.@Nullable ConsumeType consumeType,
    HeartbeatBody.@Nullable MessageModel messageModel,
    @JsonProperty("subscriptionTable") Map<String, SubscriptionBody> subscriptions) {

  public ConsumerConnectionsBody {
    connections = Members.list(connections);
    subscriptions = Members.map(subscriptions);
  }
}
