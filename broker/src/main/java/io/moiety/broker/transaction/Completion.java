package io.moiety.broker.transaction;

import io.moiety.broker.delay.DelayRouting;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.Journal.Logged;
import io.moiety.broker.store.RecordReader;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SysFlag;

/**
 * Makes the visible message of a committed half message: appended again to its real topic (or to
 * the schedule, where its delay starts now), naming the half message in {@code
 * preparedTransactionOffset}.
 *
 * <p>Owner: the store turn.
 */
public final class Completion {
  private final RecordReader reader;
  private final Journal journal;
  private final DelayRouting delays;

  public Completion(RecordReader reader, Journal journal, DelayRouting delays) {
    this.reader = reader;
    this.journal = journal;
    this.delays = delays;
  }

  Logged complete(long halfPosition, int sizeBytes, long nowMillis) {
    return complete(reader.read(halfPosition, sizeBytes), nowMillis);
  }

  Logged complete(RecordView half, long nowMillis) {
    return journal.put(delays.route(visible(half), nowMillis));
  }

  /** As {@link #complete}, for somebody whose name the message tells from then on. */
  Logged complete(RecordView half, String decidedBy, long nowMillis) {
    RecordDraft visible = visible(half);
    return journal.put(
        delays.route(
            visible.withProperties(visible.properties().with(PropertyNames.DECIDED_BY, decidedBy)),
            nowMillis));
  }

  /**
   * The half message as it was meant: on its real topic, marked as committed. {@code TRAN_MSG}
   * stays: by it the official consumer tells the transaction's id.
   */
  static RecordDraft visible(RecordView half) {
    MessageProperties properties = half.properties();
    return real(half)
        .withSysFlag(SysFlag.withTransactionPart(half.sysFlag(), SysFlag.TRANSACTION_COMMIT))
        .withPreparedTransactionOffset(HalfIdentity.of(half).position())
        .withProperties(
            properties.without(
                PropertyNames.CARRIED,
                PropertyNames.RESUMED,
                PropertyNames.DECIDED_BY,
                PropertyNames.TRANSACTION_PREPARED_QUEUE_OFFSET,
                PropertyNames.REAL_TOPIC,
                PropertyNames.REAL_QUEUE_ID,
                PropertyNames.BRANCH_XID));
  }

  /** The half message on its real topic and queue, otherwise as it was sent. */
  static RecordDraft real(RecordView half) {
    MessageProperties properties = half.properties();
    String topic =
        properties
            .get(PropertyNames.REAL_TOPIC)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "the half message at position " + half.position() + " names no topic"));
    int queueId = properties.get(PropertyNames.REAL_QUEUE_ID).map(Integer::parseInt).orElse(0);
    return RecordDraft.copyOf(half)
        .withDestination(topic, queueId)
        .withProperties(
            properties.without(
                PropertyNames.CARRIED, PropertyNames.RESUMED, PropertyNames.DECIDED_BY));
  }
}
