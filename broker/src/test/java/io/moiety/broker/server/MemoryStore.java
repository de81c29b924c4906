package io.moiety.broker.server;

import io.moiety.broker.log.Appended;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.log.RefusedAppends;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.store.Carried;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.RecordReader;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.View;
import io.moiety.protocol.Command;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordLayout;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * A log in memory under the real views; everything is served as soon as it is appended, unless a
 * test holds the answers back.
 */
final class MemoryStore implements Journal, RecordReader {

  private final LongSupplier nowMillis;
  private final QueueTable queues;
  private final List<View> views;
  private final Map<Long, RecordView> records = new TreeMap<>();
  private final List<SystemRecord> facts = new ArrayList<>();
  private long endPosition;
  private boolean refusing;
  private boolean holdsAnswers;
  private final List<Waiter> waiting = new ArrayList<>();

  MemoryStore(LongSupplier nowMillis, QueueTable queues, List<View> views) {
    this.nowMillis = nowMillis;
    this.queues = queues;
    this.views = views;
  }

  List<SystemRecord> facts() {
    return facts;
  }

  /** From now on no fact is appended. */
  void refuse() {
    refusing = true;
  }

  /** Facts are appended again. */
  void accept() {
    refusing = false;
  }

  @Override
  public Appended record(SystemRecord fact) {
    if (refusing) {
      throw RefusedAppends.because("the disk is full");
    }
    facts.add(fact);
    LoggedRecord record =
        new LoggedRecord(
            SystemTopics.STATE,
            0,
            0,
            endPosition,
            1,
            0,
            0,
            0,
            0,
            MessageProperties.empty(),
            Command.noBody());
    views.forEach(view -> view.applyFact(fact, record));
    return new Appended(endPosition++, 1, nowMillis.getAsLong());
  }

  @Override
  public Logged put(RecordDraft draft) {
    long queueOffset = queues.nextOffset(draft.topic(), draft.queueId());
    return append(draft.withQueueOffset(queueOffset));
  }

  /** Appends a copy of a message in its place in its queue. */
  void carry(RecordView original) {
    append(
        RecordDraft.copyOf(original)
            .withQueueOffset(original.queueOffset())
            .withProperties(
                original
                    .properties()
                    .with(PropertyNames.CARRIED, Carried.origin(original).format())));
  }

  /** The log begins here from now on. */
  void forgetBefore(long position) {
    records.keySet().removeIf(deleted -> deleted < position);
    views.forEach(view -> view.forgetBefore(position));
  }

  private Logged append(RecordDraft numbered) {
    int sizeBytes = RecordLayout.sizeBytes(numbered);
    ByteBuffer bytes = ByteBuffer.allocate(sizeBytes);
    RecordLayout.write(numbered, endPosition, nowMillis.getAsLong(), bytes);
    RecordView view = RecordView.of(bytes.flip());
    long position = endPosition;
    records.put(position, view);
    endPosition += sizeBytes;
    LoggedRecord record =
        new LoggedRecord(
            view.topic(),
            view.queueId(),
            view.queueOffset(),
            position,
            sizeBytes,
            view.sysFlag(),
            view.bornTimestampMillis(),
            view.storeTimestampMillis(),
            view.preparedTransactionOffset(),
            view.properties(),
            view.body());
    views.forEach(each -> each.applyMessage(record));
    return new Logged(position, sizeBytes, view.queueOffset(), view.storeTimestampMillis());
  }

  /** From now on the disk is slow: who waits for it waits for {@link #answer}. */
  void holdAnswers() {
    holdsAnswers = true;
  }

  void answer(PutStatus outcome) {
    List<Waiter> told = List.copyOf(waiting);
    waiting.clear();
    told.forEach(waiter -> waiter.done(outcome));
  }

  @Override
  public void whenServed(long position, Waiter waiter) {
    whenDurable(position, waiter);
  }

  @Override
  public void whenDurable(long position, Waiter waiter) {
    if (holdsAnswers) {
      waiting.add(waiter);
    } else {
      waiter.done(PutStatus.PUT_OK);
    }
  }

  @Override
  public long endPosition() {
    return endPosition;
  }

  Optional<RecordView> find(long position) {
    return Optional.ofNullable(records.get(position));
  }

  @Override
  public RecordView read(long position, int sizeBytes) {
    return find(position)
        .orElseThrow(() -> new AssertionError("no record is stored at " + position));
  }
}
