package io.moiety.broker.delivery;

import io.moiety.broker.log.Appended;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.log.RefusedAppends;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.queue.ServedListener;
import io.moiety.broker.store.Carried;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.RecordReader;
import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.View;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordLayout;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A log in memory: applies what is appended to views, and can apply all of it again to others. */
final class MemoryLog implements Journal, RecordReader {
  static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 10911);

  private final List<Written> records = new ArrayList<>();
  private final List<Pending> pending = new ArrayList<>();
  private final QueueTable queues;
  private final List<View> views;
  private boolean refusing;
  private long firstPosition;
  Consumer<RecordSpan> beforeRead = span -> {};

  /** A fact, or a message when there is none. */
  private record Written(LoggedRecord logged, RecordView view, SystemRecord fact) {
    void applyTo(View target) {
      if (fact == null) {
        target.applyMessage(logged);
      } else {
        target.applyFact(fact, logged);
      }
    }
  }

  private record Pending(long endPosition, Waiter waiter) {}

  MemoryLog(QueueTable queues, List<View> views) {
    this.queues = queues;
    this.views = views;
  }

  @Override
  public Appended record(SystemRecord fact) {
    RecordDraft draft = draft(SystemTopics.STATE, 0, MessageProperties.empty(), "fact");
    return append(draft, fact);
  }

  @Override
  public Logged put(RecordDraft draft) {
    long queueOffset = queues.nextOffset(draft.topic(), draft.queueId());
    Appended appended = append(draft.withQueueOffset(queueOffset), null);
    return new Logged(
        appended.position(), appended.sizeBytes(), queueOffset, appended.storeTimestampMillis());
  }

  @Override
  public void whenServed(long endPosition, Waiter waiter) {
    pending.add(new Pending(endPosition, waiter));
  }

  @Override
  public void whenDurable(long endPosition, Waiter waiter) {
    whenServed(endPosition, waiter);
  }

  @Override
  public long endPosition() {
    return records.isEmpty() ? 0 : records.get(records.size() - 1).logged().endPosition();
  }

  @Override
  public RecordView read(long position, int sizeBytes) {
    if (position < firstPosition) {
      throw new AssertionError("the record at " + position + " is read, and was deleted");
    }
    beforeRead.accept(new RecordSpan(position, sizeBytes));
    return records.stream()
        .filter(written -> written.logged().position() == position)
        .map(Written::view)
        .findFirst()
        .orElseThrow();
  }

  /** Everything appended may be seen from now on. */
  void serve(ServedListener listener) {
    queues.serve(endPosition(), listener);
    List<Pending> told = List.copyOf(pending);
    pending.clear();
    told.forEach(waiting -> waiting.waiter().done(PutStatus.PUT_OK));
  }

  /** Appends a copy of a message in its place in its queue. */
  void carry(Entry original) {
    RecordView record = read(original.position(), original.sizeBytes());
    append(
        RecordDraft.copyOf(record)
            .withQueueOffset(record.queueOffset())
            .withProperties(
                record.properties().with(PropertyNames.CARRIED, Carried.origin(record).format())),
        null);
  }

  /** The log begins here from now on. */
  void forgetBefore(long position) {
    firstPosition = position;
    views.forEach(view -> view.forgetBefore(position));
  }

  /** From now on nothing is appended. */
  void refuse() {
    refusing = true;
  }

  /** Appends again. */
  void accept() {
    refusing = false;
  }

  /** Applies everything again, as a start does. */
  void replay(View target) {
    records.forEach(written -> written.applyTo(target));
  }

  List<SystemRecord> facts() {
    return records.stream().map(Written::fact).filter(fact -> fact != null).toList();
  }

  static RecordDraft draft(String topic, int queueId, MessageProperties properties, String body) {
    return new RecordDraft(
        topic,
        queueId,
        0,
        0,
        0,
        1_000,
        HOST,
        HOST,
        0,
        0,
        ByteBuffer.wrap(body.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
        properties);
  }

  private Appended append(RecordDraft draft, SystemRecord fact) {
    if (refusing) {
      throw RefusedAppends.because("the disk is full");
    }
    long position = endPosition();
    ByteBuffer bytes = ByteBuffer.allocate(RecordLayout.sizeBytes(draft));
    RecordLayout.write(draft, position, 2_000, bytes);
    RecordView view = RecordView.of(bytes.rewind());
    LoggedRecord logged =
        new LoggedRecord(
            view.topic(),
            view.queueId(),
            view.queueOffset(),
            position,
            view.sizeBytes(),
            view.sysFlag(),
            view.bornTimestampMillis(),
            view.storeTimestampMillis(),
            view.preparedTransactionOffset(),
            view.properties(),
            view.body());
    Written written = new Written(logged, view, fact);
    records.add(written);
    views.forEach(written::applyTo);
    return new Appended(position, view.sizeBytes(), 2_000);
  }
}
