package io.moiety.protocol.body;

import java.util.List;

/** The request UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST: settings of several groups. */
public record SubscriptionGroupListBody(List<SubscriptionGroupBody> groupConfigList) {

  public SubscriptionGroupListBody {
    groupConfigList = Members.list(groupConfigList);
  }
}
