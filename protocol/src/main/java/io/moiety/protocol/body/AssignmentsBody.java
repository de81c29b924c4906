package io.moiety.protocol.body;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to QUERY_ASSIGNMENT.
 *
 * @param assignments null when the broker cannot say: the asker keeps what it has
 */
public record AssignmentsBody(
    @JsonProperty("messageQueueAssignments") @Nullable List<Assignment> assignments) {

  public AssignmentsBody {
    assignments = assignments == null ? null : List.copyOf(assignments);
  }

  public static AssignmentsBody unknown() {
    return new AssignmentsBody(null);
  }

  /** A queue to read, or with queue id -1 and mode POP all of them together with the group. */
  public record Assignment(MessageQueueBody messageQueue, RequestMode mode) {

    public Assignment {
      Members.required(messageQueue, "messageQueue");
      mode = mode == null ? RequestMode.PULL : mode;
    }
  }
}
