package io.moiety.protocol.body;

import java.util.Map;

/** The answer to GET_ALL_TOPIC_CONFIG: settings by topic name. */
public record TopicConfigTableBody(
    DataVersionBody dataVersion, Map<String, TopicConfigBody> topicConfigTable) {

  public TopicConfigTableBody {
    dataVersion = dataVersion == null ? new DataVersionBody(0, 0, 0) : dataVersion;
    topicConfigTable = Members.map(topicConfigTable);
  }
}
