package io.moiety.protocol.body;

import java.util.List;
import java.util.Map;

/** The answer to GET_BROKER_CLUSTER_INFO: brokers by name, broker names by cluster. */
public record ClusterInfoBody(
    Map<String, BrokerBody> brokerAddrTable, Map<String, List<String>> clusterAddrTable) {

  public ClusterInfoBody {
    brokerAddrTable = Members.map(brokerAddrTable);
    clusterAddrTable = Members.map(clusterAddrTable);
  }
}
