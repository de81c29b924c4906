package io.moiety.protocol.body;

import java.util.Map;

/**
 * A broker name and the addresses of the brokers that share it.
 *
 * @param brokerAddrs host:port by broker id, of which 0 is the master
 */
public record BrokerBody(
    Map<Long, String> brokerAddrs, String brokerName, String cluster, boolean enableActingMaster) {

  /** The broker id of the master. */
  public static final long MASTER_ID = 0;

  public BrokerBody {
    brokerAddrs = Members.map(brokerAddrs);
    Members.required(brokerName, "brokerName");
    cluster = cluster == null ? "" : cluster;
  }

  /** A broker name with a master and no replica. */
  public static BrokerBody master(String cluster, String brokerName, String address) {
    return new BrokerBody(Map.of(MASTER_ID, address), brokerName, cluster, false);
  }
}
