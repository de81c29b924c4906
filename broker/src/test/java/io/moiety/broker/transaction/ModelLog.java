package io.moiety.broker.transaction;

import io.moiety.broker.log.Appended;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.Carried;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.RecordReader;
import io.moiety.broker.store.SystemRecord;
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
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A log of a model world: every record has the same size, nothing is forced until it is said, and a
 * crash keeps as many of the records that were not forced as it is told to. Records that were
 * deleted are kept for the model to look at; a broker that reads one has failed.
 */
final class ModelLog implements Journal, RecordReader {
  static final int RECORD_BYTES = 1_000;
  static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9876);

  private final LongSupplier now;
  private final List<Entry> entries = new ArrayList<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private Optional<ModelBroker> broker = Optional.empty();
  private int durable;
  private int first;

  /**
   * One record: a message, a fact, or all of a base.
   *
   * @param base what it says; empty when it is none
   */
  record Entry(
      LoggedRecord record,
      Optional<RecordDraft> message,
      Optional<SystemRecord> fact,
      Optional<List<SystemRecord>> base) {

    String label() {
      return message
          .map(Entry::describe)
          .orElseGet(() -> fact.isPresent() ? fact.get().toString() : "base");
    }

    private static String describe(RecordDraft draft) {
      return draft.topic()
          + ' '
          + draft.queueOffset()
          + ' '
          + draft.preparedTransactionOffset()
          + draft.properties().get(PropertyNames.CARRIED).map(of -> " carried " + of).orElse("")
          + draft.properties().get(PropertyNames.RESUMED).map(of -> " resumed " + of).orElse("")
          + draft.properties().get(PropertyNames.DUE_OF).map(of -> " due " + of).orElse("")
          + draft.properties().get(PropertyNames.BRANCH_SEQUENCE).map(of -> " #" + of).orElse("");
    }
  }

  private record Waiting(long endPosition, Waiter waiter) {}

  ModelLog(LongSupplier now) {
    this.now = now;
  }

  /** Who hears of what is appended from now on. */
  void broker(ModelBroker newBroker) {
    broker = Optional.of(newBroker);
  }

  @Override
  public Appended record(SystemRecord fact) {
    Entry entry = stateEntry(Optional.of(fact), Optional.empty());
    append(entry);
    return appended(entry);
  }

  /** A base, whole: what a crash cuts off of one counts for nothing. */
  void base(List<SystemRecord> facts) {
    append(stateEntry(Optional.empty(), Optional.of(List.copyOf(facts))));
  }

  private Entry stateEntry(Optional<SystemRecord> fact, Optional<List<SystemRecord>> base) {
    LoggedRecord record =
        new LoggedRecord(
            SystemTopics.STATE,
            0,
            0,
            endPosition(),
            RECORD_BYTES,
            0,
            now.getAsLong(),
            now.getAsLong(),
            0,
            MessageProperties.empty(),
            ByteBuffer.allocate(0));
    return new Entry(record, Optional.empty(), fact, base);
  }

  @Override
  public Logged put(RecordDraft draft) {
    long offset = broker.orElseThrow().nextOffset(draft.topic(), draft.queueId());
    Entry entry = messageEntry(draft.withQueueOffset(offset));
    append(entry);
    Appended appended = appended(entry);
    return new Logged(
        appended.position(), appended.sizeBytes(), offset, appended.storeTimestampMillis());
  }

  /**
   * As the store does it: under its queue offset, naming the original, with what is known of it.
   */
  void carry(RecordView record) {
    RecordDraft draft = RecordDraft.copyOf(record);
    append(
        messageEntry(
            draft.withProperties(
                draft
                    .properties()
                    .with(
                        PropertyNames.CARRIED,
                        Carried.origin(record)
                            .withKnown(broker.orElseThrow().knownOf(record))
                            .format()))));
  }

  private Entry messageEntry(RecordDraft draft) {
    LoggedRecord record =
        new LoggedRecord(
            draft.topic(),
            draft.queueId(),
            draft.queueOffset(),
            endPosition(),
            RECORD_BYTES,
            draft.sysFlag(),
            draft.bornTimestampMillis(),
            now.getAsLong(),
            draft.preparedTransactionOffset(),
            draft.properties(),
            draft.body());
    return new Entry(record, Optional.of(draft), Optional.empty(), Optional.empty());
  }

  private void append(Entry entry) {
    entries.add(entry);
    broker.orElseThrow().apply(entry);
  }

  private Appended appended(Entry entry) {
    return new Appended(
        entry.record().position(), RECORD_BYTES, entry.record().storeTimestampMillis());
  }

  @Override
  public void whenServed(long endPosition, Waiter waiter) {
    whenDurable(endPosition, waiter);
  }

  @Override
  public void whenDurable(long endPosition, Waiter waiter) {
    if (endPosition <= durablePosition()) {
      waiter.done(PutStatus.PUT_OK);
    } else {
      waiting.add(new Waiting(endPosition, waiter));
    }
  }

  @Override
  public long endPosition() {
    return (entries.size() + 1L) * RECORD_BYTES;
  }

  long durablePosition() {
    return (durable + 1L) * RECORD_BYTES;
  }

  long firstPosition() {
    return (first + 1L) * RECORD_BYTES;
  }

  int unforced() {
    return entries.size() - durable;
  }

  /** Everything is on the disk, and those who wait are told. */
  void force() {
    durable = entries.size();
    List<Waiting> told = List.copyOf(waiting);
    waiting.clear();
    told.forEach(waiter -> waiter.waiter().done(PutStatus.PUT_OK));
  }

  /** The process ends; of what was not forced so many records are left. */
  void crash(int kept) {
    waiting.clear();
    entries.subList(durable + kept, entries.size()).clear();
    durable = entries.size(); // A start forces what it found.
  }

  /** The records before the position are deleted. */
  void deleteBefore(long position) {
    first = (int) (position / RECORD_BYTES) - 1;
  }

  /** What a broker finds that starts now. */
  List<Entry> kept() {
    return entries.subList(first, entries.size());
  }

  /** All that was ever written and not lost, also what is deleted. */
  List<Entry> all() {
    return entries;
  }

  boolean isDurable(Entry entry) {
    return entry.record().endPosition() <= durablePosition();
  }

  @Override
  public RecordView read(long position, int sizeBytes) {
    if (position < firstPosition() || position >= endPosition()) {
      throw new AssertionError("the record at " + position + " is read, which is not there");
    }
    return view(entries.get((int) (position / RECORD_BYTES) - 1));
  }

  /** The record at a position, if it is there. */
  Optional<RecordView> find(long position) {
    return position < firstPosition() || position >= endPosition()
        ? Optional.empty()
        : Optional.of(read(position, RECORD_BYTES));
  }

  /** As a reader has it, also of one that is deleted. */
  static RecordView view(Entry entry) {
    LoggedRecord record = entry.record();
    RecordDraft draft =
        entry.message().orElseThrow(() -> new AssertionError("no message at " + record.position()));
    ByteBuffer bytes = ByteBuffer.allocate(RecordLayout.sizeBytes(draft));
    RecordLayout.write(draft, record.position(), record.storeTimestampMillis(), bytes);
    return RecordView.of(bytes.clear());
  }

  String fingerprint() {
    StringBuilder text = new StringBuilder();
    for (Entry entry : entries) {
      text.append(entry.label()).append(';');
    }
    return text.append(durable)
        .append('/')
        .append(first)
        .append('/')
        .append(waiting.size())
        .toString();
  }
}
