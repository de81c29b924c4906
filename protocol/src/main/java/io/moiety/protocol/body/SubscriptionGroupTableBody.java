package io.moiety.protocol.body;

import java.util.Map;

/** The answer to GET_ALL_SUBSCRIPTIONGROUP_CONFIG: settings by group name. */
public record SubscriptionGroupTableBody(
    DataVersionBody dataVersion,
    Map<String, Map<String, Integer>> forbiddenTable,
    Map<String, SubscriptionGroupBody> subscriptionGroupTable) {

  public SubscriptionGroupTableBody {
    dataVersion = dataVersion == null ? new DataVersionBody(0, 0, 0) : dataVersion;
    forbiddenTable = Members.map(forbiddenTable);
    subscriptionGroupTable = Members.map(subscriptionGroupTable);
  }
}
