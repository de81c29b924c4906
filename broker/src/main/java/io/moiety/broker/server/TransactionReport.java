package io.moiety.broker.server;

import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.Carried;
import io.moiety.broker.store.SystemRecord.BranchSend;
import io.moiety.broker.transaction.KnownTransaction;
import io.moiety.broker.transaction.KnownTransaction.EndedHalf;
import io.moiety.broker.transaction.KnownTransaction.KnownBranch;
import io.moiety.broker.transaction.KnownTransaction.OpenHalf;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import io.moiety.protocol.body.TransactionBody;
import io.moiety.protocol.body.TransactionBody.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells what is known of transactions together with what their records say. Reads files, so it is
 * for reader threads; for one request, which reads a bounded number of records.
 */
final class TransactionReport {
  private final RecordFinder finder;
  private int readsLeft;

  /**
   * A report for one request.
   *
   * @param maxReads records that it may read; what is beyond is told without them
   */
  TransactionReport(RecordFinder finder, int maxReads) {
    this.finder = finder;
    this.readsLeft = maxReads;
  }

  boolean mayRead() {
    return readsLeft > 0;
  }

  TransactionBody of(KnownTransaction transaction) {
    if (transaction instanceof OpenHalf half) {
      return open(half);
    }
    return transaction instanceof EndedHalf half ? ended(half) : branch((KnownBranch) transaction);
  }

  /** For lists: as {@link #of}, without its parts. */
  static TransactionBody brief(TransactionBody body) {
    return new TransactionBody(
        body.id(),
        body.kind(),
        body.state(),
        body.sinceMillis(),
        body.topic(),
        body.group(),
        body.transactionId(),
        body.checks(),
        body.nextCheckMillis(),
        body.messages(),
        body.acknowledgements(),
        body.decidedBy(),
        body.decidedMillis(),
        body.remark(),
        null);
  }

  private TransactionBody open(OpenHalf half) {
    Optional<RecordView> record = read(half.storedPosition());
    boolean resumed = record.flatMap(found -> found.property(PropertyNames.RESUMED)).isPresent();
    return new TransactionBody(
        Long.toString(half.position()),
        TransactionBody.HALF,
        "OPEN",
        record
            .map(
                found ->
                    resumed
                        ? found.bornTimestampMillis()
                        : Carried.origin(found).storeTimestampMillis())
            .orElse(null),
        record.map(TransactionReport::destination).orElse(null),
        property(record, PropertyNames.PRODUCER_GROUP),
        property(record, PropertyNames.UNIQUE_KEY),
        half.checks(),
        half.nextCheckMillis(),
        null,
        null,
        property(record, PropertyNames.DECIDED_BY),
        resumed ? record.map(RecordView::storeTimestampMillis).orElse(null) : null,
        resumed ? "it was parked, and resumed" : null,
        null);
  }

  /** Of a rollback the log has a mark without the message, which may be there still. */
  private TransactionBody ended(EndedHalf half) {
    Optional<RecordView> end = read(half.resolvedPosition());
    boolean mark = end.filter(found -> found.topic().equals(SystemTopics.OP_HALF)).isPresent();
    Optional<RecordView> message = mark ? read(half.position()) : end;
    return new TransactionBody(
        Long.toString(half.position()),
        TransactionBody.HALF,
        half.state(),
        end.map(RecordView::bornTimestampMillis).orElse(null),
        message.map(TransactionReport::destination).orElse(null),
        property(message, PropertyNames.PRODUCER_GROUP),
        property(message, PropertyNames.UNIQUE_KEY),
        null,
        null,
        null,
        null,
        property(end, PropertyNames.DECIDED_BY),
        end.map(found -> Carried.origin(found).storeTimestampMillis()).orElse(null),
        end.isEmpty() ? "the record that says so is not in the log any more" : null,
        null);
  }

  private TransactionBody branch(KnownBranch branch) {
    List<Part> parts = new ArrayList<>();
    boolean complete = true;
    for (BranchSend send : branch.sends()) {
      Optional<RecordView> half = mayRead() ? read(send.position()) : Optional.empty();
      complete &= half.isPresent();
      half.ifPresent(found -> parts.add(sent(found, send)));
    }
    for (AckRange range : branch.acks()) {
      parts.add(
          new Part(
              range.topic(),
              range.queueId(),
              range.group(),
              range.firstOffset(),
              range.lastOffset(),
              0));
    }
    boolean decided = !branch.decidedBy().isEmpty();
    String remark = complete ? branch.remark() : joined(branch.remark(), "not all parts are shown");
    return new TransactionBody(
        branch.xid().toText(),
        TransactionBody.BRANCH,
        branch.state().name(),
        branch.sinceMillis(),
        null,
        null,
        null,
        null,
        null,
        decided ? null : branch.sends().size(),
        decided ? null : branch.acks().size(),
        decided ? branch.decidedBy() : null,
        decided ? branch.sinceMillis() : null,
        remark.isEmpty() ? null : remark,
        parts);
  }

  private static String joined(String first, String second) {
    return first.isEmpty() ? second : first + "; " + second;
  }

  private static Part sent(RecordView half, BranchSend send) {
    int queueId = half.property(PropertyNames.REAL_QUEUE_ID).map(Integer::parseInt).orElse(0);
    return new Part(
        destination(half), queueId, null, send.position(), send.position(), send.sizeBytes());
  }

  private static String destination(RecordView record) {
    return record.property(PropertyNames.REAL_TOPIC).orElse(record.topic());
  }

  private static @Nullable String property(Optional<RecordView> record, String name) {
    return record.flatMap(found -> found.property(name)).orElse(null);
  }

  private Optional<RecordView> read(long position) {
    readsLeft--;
    return finder.find(position);
  }
}
