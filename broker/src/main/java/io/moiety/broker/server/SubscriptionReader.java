package io.moiety.broker.server;

import io.moiety.broker.filter.BadFilterException;
import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.filter.SelectorDialect;
import io.moiety.broker.filter.Selectors;
import io.moiety.broker.filter.TagFilter;
import io.moiety.protocol.BadFieldException;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.body.SubscriptionBody;

/** Makes filters of what classic consumers write in heartbeats and pulls. Thread-safe. */
public final class SubscriptionReader {

  private final Selectors selectors;
  private final SparseLog notUnderstood =
      new SparseLog(System.getLogger(SubscriptionReader.class.getName()));

  public SubscriptionReader(Selectors selectors) {
    this.selectors = selectors;
  }

  /**
   * @throws BadFilterException when the expression cannot be understood
   */
  Subscription read(SubscriptionBody body) {
    return subscription(body, filter(body));
  }

  /**
   * As {@link #read}, but an expression that cannot be understood matches nothing: the heartbeat
   * that it came with is about other groups and topics too, and the client was told when it asked.
   */
  Subscription readLeniently(SubscriptionBody body) {
    try {
      return read(body);
    } catch (BadFilterException bad) {
      notUnderstood.warn(
          () -> "A consumer of topic " + body.topic() + " gets no message: " + bad.getMessage());
      return subscription(body, new Nothing());
    }
  }

  /**
   * @throws BadFilterException when the expression cannot be understood
   */
  MessageFilter filter(SubscriptionBody body) {
    return switch (body.expressionType()) {
      case SubscriptionBody.TAG -> TagFilter.parse(body.subString());
      case SubscriptionBody.SQL92 -> selectors.compile(SelectorDialect.ROCKETMQ, body.subString());
      default ->
          throw new BadFieldException("expressionType", body.expressionType(), "TAG or SQL92");
    };
  }

  private static Subscription subscription(SubscriptionBody body, MessageFilter filter) {
    return new Subscription(body, filter);
  }

  private record Nothing() implements MessageFilter {

    @Override
    public boolean mayMatch(long tagsCode) {
      return false;
    }

    @Override
    public boolean matches(RecordView message) {
      return false;
    }
  }
}
