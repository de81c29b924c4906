package io.moiety.protocol.body;

import java.util.List;

/** The request UPDATE_AND_CREATE_TOPIC_LIST: settings of several topics. */
public record TopicConfigListBody(List<TopicConfigBody> topicConfigList) {

  public TopicConfigListBody {
    topicConfigList = Members.list(topicConfigList);
  }
}
