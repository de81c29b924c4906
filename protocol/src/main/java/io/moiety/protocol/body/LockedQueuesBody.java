package io.moiety.protocol.body;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** The answer to LOCK_BATCH_MQ: those of the queues that the client holds now. */
public record LockedQueuesBody(@JsonProperty("lockOKMQSet") List<MessageQueueBody> queues) {

  public LockedQueuesBody {
    queues = Members.list(queues);
  }
}
