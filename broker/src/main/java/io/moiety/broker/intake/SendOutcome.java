package io.moiety.broker.intake;

import io.moiety.broker.log.PutStatus;
import io.moiety.broker.transaction.XaRefusal;
import java.util.List;
import java.util.OptionalLong;

/** What a send ends with. */
public sealed interface SendOutcome {
  /**
   * In the log.
   *
   * @param status whether it is as durable as was asked for
   * @param positions byte addresses, several for a batch
   * @param queueOffset of the first
   * @param timerDueMillis when it is due, if it waits for an exact time and can be recalled
   */
  record Stored(
      PutStatus status,
      List<Long> positions,
      int queueId,
      long queueOffset,
      OptionalLong timerDueMillis)
      implements SendOutcome {}

  /** Not in the log, with RocketMQ's response code. */
  record Refused(int responseCode, String reason) implements SendOutcome {}

  /**
   * Not in the log, since its branch takes it not; with {@code XAER_RMFAIL} it may be there, and
   * the disk has not confirmed it.
   */
  record RefusedByBranch(XaRefusal refusal) implements SendOutcome {}
}
