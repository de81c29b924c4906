package io.moiety.protocol.body;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** What LOCK_BATCH_MQ and UNLOCK_BATCH_MQ ask for: queues for one member of an ordered group. */
public record LockBatchBody(
    String clientId,
    String consumerGroup,
    @JsonProperty("mqSet") List<MessageQueueBody> queues,
    boolean onlyThisBroker) {

  public LockBatchBody {
    Members.required(clientId, "clientId");
    Members.required(consumerGroup, "consumerGroup");
    queues = Members.list(queues);
  }
}
