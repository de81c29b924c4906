package io.moiety.protocol.body;

import java.util.List;
import java.util.Map;

/** The answer to GET_ALL_PRODUCER_INFO: the members of every producer group. */
public record ProducerTableBody(Map<String, List<Producer>> data) {

  public ProducerTableBody {
    data = Members.map(data);
  }

  /**
   * One member.
   *
   * @param remoteIP its address with its port
   * @param version ordinal of its RocketMQ release
   */
  public record Producer(
      String clientId, String language, long lastUpdateTimestamp, String remoteIP, int version) {}
}
