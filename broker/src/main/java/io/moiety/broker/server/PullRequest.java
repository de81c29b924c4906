package io.moiety.broker.server;

import io.moiety.protocol.BadFieldException;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.body.SubscriptionBody;
import java.util.Optional;
import java.util.Set;

/**
 * A {@code PULL_MESSAGE} or {@code LITE_PULL_MESSAGE}, read and bounded.
 *
 * @param queueOffset where to read from
 * @param committedOffset what the group is done with, when the client says so
 * @param suspendMillis how long to wait for a message; 0 answers at once
 * @param carried the subscription that the request brings itself, when it does
 */
record PullRequest(
    String group,
    QueueKey queue,
    long queueOffset,
    int maxMessages,
    int maxBytes,
    Optional<Long> committedOffset,
    long suspendMillis,
    long subscriptionVersion,
    Optional<SubscriptionBody> carried) {

  static final int MAX_MESSAGES = 1024;
  static final int MAX_BYTES = 256 * 1024;
  static final long MAX_SUSPEND_MILLIS = 60_000;

  private static final int FLAG_COMMIT_OFFSET = 1;
  private static final int FLAG_SUSPEND = 2;
  private static final int FLAG_SUBSCRIPTION = 4;

  static PullRequest of(Command request) {
    Fields fields = request.fields();
    int flags = fields.requiredInt("sysFlag");
    long queueOffset = atLeastZero(fields, "queueOffset");
    return new PullRequest(
        ClientNames.checkGroup("consumerGroup", fields.requiredText("consumerGroup")),
        new QueueKey(fields.requiredText("topic"), fields.requiredInt("queueId")),
        queueOffset,
        clamp(fields.requiredInt("maxMsgNums"), MAX_MESSAGES),
        clamp(fields.intOr("maxMsgBytes", MAX_BYTES), MAX_BYTES),
        has(flags, FLAG_COMMIT_OFFSET)
            ? Optional.of(atLeastZero(fields, "commitOffset"))
            : Optional.empty(),
        has(flags, FLAG_SUSPEND)
            ? Math.min(MAX_SUSPEND_MILLIS, fields.requiredLong("suspendTimeoutMillis"))
            : 0,
        fields.longOr("subVersion", 0),
        has(flags, FLAG_SUBSCRIPTION) ? Optional.of(subscription(fields)) : Optional.empty());
  }

  private static SubscriptionBody subscription(Fields fields) {
    return new SubscriptionBody(
        fields.requiredText("topic"),
        fields.text("subscription").orElse(SubscriptionBody.ALL),
        Set.of(),
        Set.of(),
        fields.longOr("subVersion", 0),
        fields.text("expressionType").orElse(SubscriptionBody.TAG),
        false);
  }

  private static long atLeastZero(Fields fields, String name) {
    long value = fields.requiredLong(name);
    if (value < 0) {
      throw new BadFieldException(name, Long.toString(value), "at least 0");
    }
    return value;
  }

  private static int clamp(int value, int max) {
    return Math.max(1, Math.min(max, value));
  }

  private static boolean has(int flags, int flag) {
    return (flags & flag) != 0;
  }
}
