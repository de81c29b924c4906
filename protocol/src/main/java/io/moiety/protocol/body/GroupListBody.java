package io.moiety.protocol.body;

import java.util.List;

/** The answer to QUERY_TOPIC_CONSUME_BY_WHO: the groups that read a topic. */
public record GroupListBody(List<String> groupList) {

  public GroupListBody {
    groupList = Members.list(groupList);
  }
}
