package io.moiety.protocol.body;

import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.Map;

/**
 * The answer to INVOKE_BROKER_TO_RESET_OFFSET: from where a group goes on. Written only: see {@link
 * QueueKeyed}.
 */
public record ResetOffsetsBody(
    @JsonSerialize(using = QueueKeyed.class) Map<MessageQueueBody, Long> offsetTable) {

  public ResetOffsetsBody {
    offsetTable = Members.map(offsetTable);
  }
}
