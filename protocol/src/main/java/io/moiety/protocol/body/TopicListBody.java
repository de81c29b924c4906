package io.moiety.protocol.body;

import java.util.List;

/** The answer to GET_ALL_TOPIC_LIST_FROM_NAMESERVER. */
public record TopicListBody(List<String> topicList) {

  public TopicListBody {
    topicList = Members.list(topicList);
  }
}
