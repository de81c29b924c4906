package io.moiety.broker.store;

import io.moiety.broker.log.Appended;
import io.moiety.broker.log.CommitLog;
import io.moiety.broker.log.PutStatus;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * The log with its views: appends, applies at this one place in log order, and knows what may be
 * seen (the served position).
 *
 * <p>Owner: the store turn; {@link #servedPosition()} and {@link #read} may be called by any
 * thread.
 */
public final class Store implements Journal, RecordReader {
  private final CommitLog log;
  private final StoreSettings settings;
  private final BrokerClock clock;
  private final QueueNumbering numbering;
  private final List<View> views;
  private final StoreGate gate;
  private final ForceDemand forces;
  private final PositionWaiters untilDurable;
  private final PositionWaiters untilSeen;
  private volatile long servedPosition;

  /** A store whose views live on the heap. */
  public Store(
      CommitLog log,
      StoreSettings settings,
      BrokerClock clock,
      QueueNumbering numbering,
      List<View> views) {
    this(log, settings, clock, numbering, views, StoreGate.open());
  }

  /** As above, with views whose files may not keep up. */
  public Store(
      CommitLog log,
      StoreSettings settings,
      BrokerClock clock,
      QueueNumbering numbering,
      List<View> views,
      StoreGate gate) {
    this.log = log;
    this.settings = settings;
    this.clock = clock;
    this.numbering = numbering;
    this.views = List.copyOf(views);
    this.gate = gate;
    forces = new ForceDemand(settings.syncFlush());
    untilDurable = new PositionWaiters(settings.flushTimeoutMillis());
    untilSeen = new PositionWaiters(settings.flushTimeoutMillis());
  }

  /** Builds the views from the whole log. Once, before anything is appended. */
  public void replay() {
    replay(log.firstPosition());
  }

  /**
   * Brings views that were restored from a snapshot to the end of the log; what they know from
   * facts comes from the snapshot's base. Once, before anything is appended.
   *
   * @param base that {@link Base#isIn} the log
   * @return false when the base is not whole, and the views know too little: they are of no use
   */
  public boolean replayFrom(Base base) {
    return replay(base.position()) > 0;
  }

  /** Replays what begins at or after the position; how many whole bases were among it. */
  private int replay(long fromPosition) {
    BaseReplay base = new BaseReplay();
    log.replay(fromPosition, view -> apply(LoggedRecord.replayed(view), base));
    base.drop();
    views.forEach(view -> view.forgetBefore(log.firstPosition()));
    servedPosition = log.appendedPosition();
    return base.complete();
  }

  @Override
  public Appended record(SystemRecord fact) {
    return record(fact, MessageProperties.empty());
  }

  @Override
  public Appended record(SystemRecord fact, String decidedBy) {
    return record(fact, MessageProperties.empty().with(PropertyNames.DECIDED_BY, decidedBy));
  }

  private Appended record(SystemRecord fact, MessageProperties properties) {
    gate.beforeFact();
    RecordDraft draft = stateDraft(0, SystemRecordCodec.encode(fact)).withProperties(properties);
    Appended appended = log.append(draft);
    if (fact instanceof SystemRecord.Acknowledged) {
      forces.soon(log.appendedPosition(), clock.nowMillis());
    } else {
      mustBeForced(appended.position());
    }
    LoggedRecord logged = LoggedRecord.appended(draft, appended);
    follow(view -> view.applyFact(fact, logged));
    return appended;
  }

  @Override
  public Appended recordAll(List<? extends SystemRecord> facts) {
    gate.beforeFact();
    log.requireRoom(
        facts.stream().map(fact -> stateDraft(0, SystemRecordCodec.encode(fact))).toList());
    return Journal.super.recordAll(facts);
  }

  /**
   * Appends a base: all that the views say, which they know already and are not told again. In one
   * piece, so nothing else is between its records.
   *
   * @throws io.moiety.broker.log.AppendRefusedException when the log does not take all of it; a
   *     replay passes over what it took
   */
  public Base takeBase() {
    gate.beforeFact();
    long beginPosition = log.appendedPosition();
    try {
      return BaseWriter.write(views, body -> log.append(stateDraft(BaseRecord.QUEUE_ID, body)));
    } finally {
      mustBeForced(beginPosition);
    }
  }

  private RecordDraft stateDraft(int queueId, ByteBuffer body) {
    return new RecordDraft(
        SystemTopics.STATE,
        queueId,
        0,
        0,
        0,
        clock.nowMillis(),
        settings.storeHost(),
        settings.storeHost(),
        0,
        0,
        body,
        MessageProperties.empty());
  }

  @Override
  public Logged put(RecordDraft draft) {
    gate.beforeMessage();
    return appendToForce(draft);
  }

  @Override
  public Logged putUnforced(RecordDraft draft) {
    gate.beforeMessage();
    Logged logged = append(draft);
    forces.soon(log.appendedPosition(), clock.nowMillis());
    return logged;
  }

  @Override
  public List<Logged> putAll(List<RecordDraft> drafts) {
    gate.beforeMessage();
    log.requireRoom(drafts);
    return drafts.stream().map(this::appendToForce).toList();
  }

  @Override
  public void requireRoom(long bytes) {
    gate.beforeMessage();
    log.requireRoom(bytes);
  }

  private Logged appendToForce(RecordDraft draft) {
    Logged logged = append(draft);
    if (!isOfBranch(draft)) {
      mustBeForced(logged.position());
    }
    return logged;
  }

  /** From there to the end. */
  private void mustBeForced(long beginPosition) {
    forces.must(beginPosition, log.appendedPosition(), log.durablePosition());
  }

  /** Seen by nobody; what decides its branch comes behind it and says what is waited for. */
  private static boolean isOfBranch(RecordDraft draft) {
    return draft.topic().equals(SystemTopics.HALF)
        && draft.properties().has(PropertyNames.BRANCH_XID);
  }

  private Logged append(RecordDraft draft) {
    long queueOffset = numbering.nextOffset(draft.topic(), draft.queueId());
    RecordDraft numbered = draft.withQueueOffset(queueOffset);
    Appended appended = log.append(numbered);
    LoggedRecord logged = LoggedRecord.appended(numbered, appended);
    follow(view -> view.applyMessage(logged));
    return new Logged(
        appended.position(), appended.sizeBytes(), queueOffset, appended.storeTimestampMillis());
  }

  /**
   * Appends a copy of a record, to be known as the same: under its queue offset, and naming the
   * original's position and what views know of it. The views point to the copy from then on.
   */
  public Appended carry(RecordView record) {
    gate.beforeMessage();
    RecordDraft draft = RecordDraft.copyOf(record);
    RecordDraft copy =
        draft.withProperties(
            draft
                .properties()
                .with(
                    PropertyNames.CARRIED,
                    Carried.origin(record).withKnown(knownOf(record)).format()));
    Appended appended = log.append(copy);
    mustBeForced(appended.position());
    LoggedRecord logged = LoggedRecord.appended(copy, appended);
    follow(view -> view.applyMessage(logged));
    return appended;
  }

  /**
   * Tells the views of a record that is in the log now. When one of them fails, they say no longer
   * what the log says: nothing is answered by them for certain any more, and nothing appended,
   * until a start builds them again. A broad catch: it does not matter by what they fail.
   */
  private void follow(Consumer<View> record) {
    try {
      views.forEach(record);
    } catch (RuntimeException | Error failure) {
      log.fail(failure);
      throw failure;
    }
  }

  private String knownOf(RecordView record) {
    return views.stream()
        .map(view -> view.knownOf(record))
        .filter(known -> !known.isEmpty())
        .findFirst()
        .orElse("");
  }

  @Override
  public void whenServed(long endPosition, Waiter waiter) {
    if (settings.syncFlush()) {
      whenDurable(endPosition, waiter);
    } else {
      whenSeen(endPosition, waiter);
    }
  }

  @Override
  public void whenSeen(long endPosition, Waiter waiter) {
    if (log.failed()) {
      waiter.done(PutStatus.SERVICE_NOT_AVAILABLE);
    } else if (servedPosition >= endPosition) {
      waiter.done(PutStatus.PUT_OK);
    } else {
      untilSeen.add(endPosition, clock.nowMillis(), waiter);
    }
  }

  @Override
  public void whenDurable(long endPosition, Waiter waiter) {
    if (log.failed()) {
      waiter.done(PutStatus.SERVICE_NOT_AVAILABLE);
      return;
    }
    boolean isDurable = log.durablePosition() >= endPosition;
    if (isDurable && untilDurable.isEmpty()) {
      waiter.done(PutStatus.PUT_OK);
      return;
    }
    // A force may have ended in the middle of a batch: nobody overtakes those who wait already.
    untilDurable.add(endPosition, clock.nowMillis(), waiter);
    if (!isDurable) {
      forces.awaited(endPosition);
    }
  }

  /** Position of the oldest record that is kept. */
  public long firstPosition() {
    return log.firstPosition();
  }

  /** Whether the log refuses appends for good. */
  public boolean failed() {
    return log.failed();
  }

  @Override
  public long endPosition() {
    return log.appendedPosition();
  }

  /** Publishes what may be seen now, and tells those who wait for it or have waited too long. */
  public void publish(long nowMillis) {
    long durable = log.durablePosition();
    servedPosition = Math.max(servedPosition, servableEnd(durable));
    untilDurable.reached(durable);
    untilDurable.expire(nowMillis);
    untilSeen.reached(servedPosition);
    untilSeen.expire(nowMillis);
  }

  private long servableEnd(long durable) {
    return forces.servableEnd(durable, log.appendedPosition());
  }

  /**
   * Asks for the one force that everything appended in this batch needs: at its end, so that it
   * does not begin with the first record of many.
   */
  public void forceAppended() {
    forces
        .take(clock.nowMillis(), log.appendedPosition(), log.durablePosition())
        .ifPresent(log::forceUpTo);
  }

  /** True when something was appended that {@link #publish} could serve without a force. */
  public boolean hasUnpublished() {
    return servedPosition < servableEnd(log.durablePosition());
  }

  /** The log refuses appends from now on: those who wait will not get what they wait for. */
  public void logFailed() {
    untilDurable.fail(PutStatus.SERVICE_NOT_AVAILABLE);
    untilSeen.fail(PutStatus.SERVICE_NOT_AVAILABLE);
  }

  /** End of what may be delivered, checked back, completed or reported. */
  public long servedPosition() {
    return servedPosition;
  }

  /**
   * When {@link #publish} has a time-out to tell, or {@link #forceAppended} something to force; or
   * {@code Long.MAX_VALUE}.
   */
  public long nextDueMillis() {
    return Math.min(
        forces.dueMillis(), Math.min(untilDurable.nextDueMillis(), untilSeen.nextDueMillis()));
  }

  @Override
  public RecordView read(long position, int sizeBytes) {
    return log.read(position, sizeBytes);
  }

  private void apply(LoggedRecord record, BaseReplay base) {
    if (Base.isOfBase(record.topic(), record.queueId())) {
      base.next(BaseRecordCodec.decode(ByteBuffer.wrap(bytesOf(record))))
          .ifPresent(facts -> replaceFacts(facts, record));
      return;
    }
    base.drop();
    if (record.topic().equals(SystemTopics.STATE)) {
      applyFact(SystemRecordCodec.decode(ByteBuffer.wrap(bytesOf(record))), record);
    } else {
      views.forEach(view -> view.applyMessage(record));
    }
  }

  private void replaceFacts(List<SystemRecord> facts, LoggedRecord endMark) {
    views.forEach(View::clearFacts);
    facts.forEach(fact -> applyFact(fact, endMark));
  }

  private void applyFact(SystemRecord fact, LoggedRecord record) {
    views.forEach(view -> view.applyFact(fact, record));
  }

  private static byte[] bytesOf(LoggedRecord record) {
    byte[] bytes = new byte[record.body().remaining()];
    record.body().duplicate().get(bytes);
    return bytes;
  }
}
