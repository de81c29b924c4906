package io.moiety.protocol.body;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** The answer to QUERY_ASSIGNMENT. */
public record AssignmentsBody(
    @JsonProperty("messageQueueAssignments") List<Assignment> assignments) {

  public AssignmentsBody {
    assignments = Members.list(assignments);
  }

  /** A queue to read, or with queue id -1 and mode POP all of them together with the group. */
  public record Assignment(MessageQueueBody messageQueue, RequestMode mode) {

    public Assignment {
      Members.required(messageQueue, "messageQueue");
      mode = mode == null ? RequestMode.PULL : mode;
    }
  }
}
