package io.moiety.protocol.body;

import java.util.Map;

/**
 * A topic's settings, as GET_TOPIC_CONFIG answers them; perm is a sum of RouteBody's PERM
 * constants.
 */
public record TopicConfigBody(
    Map<String, String> attributes,
    boolean order,
    int perm,
    int readQueueNums,
    String topicFilterType,
    String topicName,
    int topicSysFlag,
    int writeQueueNums) {

  private static final String SINGLE_TAG = "SINGLE_TAG";

  public TopicConfigBody {
    attributes = Members.map(attributes);
    topicFilterType = topicFilterType == null ? SINGLE_TAG : topicFilterType;
    Members.required(topicName, "topicName");
  }

  public static TopicConfigBody of(
      String topicName, int readQueueNums, int writeQueueNums, int perm) {
    return new TopicConfigBody(
        Map.of(), false, perm, readQueueNums, SINGLE_TAG, topicName, 0, writeQueueNums);
  }
}
