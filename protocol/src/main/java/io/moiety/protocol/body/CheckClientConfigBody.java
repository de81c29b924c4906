package io.moiety.protocol.body;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** What CHECK_CLIENT_CONFIG asks: whether the broker understands a subscription. */
public record CheckClientConfigBody(
    String clientId,
    String group,
    @Nullable String namespace,
    @JsonProperty("subscriptionData") SubscriptionBody subscription) {

  public CheckClientConfigBody {
    Members.required(clientId, "clientId");
    Members.required(group, "group");
    Members.required(subscription, "subscriptionData");
  }
}
