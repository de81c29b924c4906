package io.moiety.protocol.body;

import java.util.List;

/** The answer to GET_CONSUMER_LIST_BY_GROUP: the client ids of a group's members. */
public record ConsumerIdListBody(List<String> consumerIdList) {

  public ConsumerIdListBody {
    consumerIdList = Members.list(consumerIdList);
  }
}
