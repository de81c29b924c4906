package io.moiety.protocol.body;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an administrator is told of a transaction. Members that do not apply, or that the broker
 * cannot tell any more, are null. Times are milliseconds since 1970.
 *
 * @param id position of a half message in decimal digits, or a branch's Xid: what decisions name
 * @param kind {@link #HALF} or {@link #BRANCH}
 * @param state OPEN, PARKED, COMMITTED or ROLLED_BACK of a half message; a branch's as XA_OUTCOME
 *     tells it
 * @param sinceMillis when the half message was stored, or the branch was started or prepared
 * @param topic where a half message is to become visible
 * @param group producer group of a half message
 * @param transactionId the producer's name of a half message, its unique key
 * @param checks delivered checks of a half message that count
 * @param nextCheckMillis when the producers of an open half message are asked next
 * @param messages how many messages a branch sent
 * @param acknowledgements how many ranges of messages a branch acknowledged
 * @param decidedBy who decided or resumed it; null where the log does not say: a half message that
 *     its producer decided
 * @param decidedMillis when it was decided, resumed or parked
 * @param remark what else there is to know, for a person
 * @param parts what the transaction consists of; only when one transaction is shown, and not more
 *     than the broker cares to read
 */
public record TransactionBody(
    String id,
    String kind,
    String state,
    @Nullable Long sinceMillis,
    @Nullable String topic,
    @Nullable String group,
    @Nullable String transactionId,
    @Nullable Integer checks,
    @Nullable Long nextCheckMillis,
    @Nullable Integer messages,
    @Nullable Integer acknowledgements,
    @Nullable String decidedBy,
    @Nullable Long decidedMillis,
    @Nullable String remark,
    @Nullable List<Part> parts) {

  public static final String HALF = "HALF";
  public static final String BRANCH = "BRANCH";

  public TransactionBody {
    Members.required(id, "id");
    Members.required(kind, "kind");
    Members.required(state, "state");
    parts = parts == null ? null : List.copyOf(parts);
  }

  /**
   * One message that a transaction sends, or a range of messages that it acknowledges.
   *
   * @param group null for a message that is sent
   * @param first position of the half message, or first queue offset of the range
   * @param last the same position, or last queue offset of the range
   * @param sizeBytes of a message in the log; 0 for a range
   */
  public record Part(
      String topic, int queueId, @Nullable String group, long first, long last, int sizeBytes) {}
}
