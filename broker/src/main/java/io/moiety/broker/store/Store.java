package io.moiety.broker.store;

import io.moiety.broker.log.Appended;
import io.moiety.broker.log.CommitLog;
import io.moiety.broker.log.PutStatus;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.nio.ByteBuffer;
import java.util.List;

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
  private final PositionWaiters waiters;
  private volatile long servedPosition;
  private boolean forceWanted;

  public Store(
      CommitLog log,
      StoreSettings settings,
      BrokerClock clock,
      QueueNumbering numbering,
      List<View> views) {
    this.log = log;
    this.settings = settings;
    this.clock = clock;
    this.numbering = numbering;
    this.views = List.copyOf(views);
    this.waiters = new PositionWaiters(settings.flushTimeoutMillis());
  }

  /** Builds the views from the whole log. Once, before anything is appended. */
  public void replay() {
    log.replay(view -> apply(LoggedRecord.replayed(view)));
    servedPosition = log.appendedPosition();
  }

  @Override
  public Appended record(SystemRecord fact) {
    long now = clock.nowMillis();
    RecordDraft draft =
        new RecordDraft(
            SystemTopics.STATE,
            0,
            0,
            0,
            0,
            now,
            settings.storeHost(),
            settings.storeHost(),
            0,
            0,
            SystemRecordCodec.encode(fact),
            MessageProperties.empty());
    Appended appended = log.append(draft);
    forceWanted = true;
    LoggedRecord logged = LoggedRecord.appended(draft, appended);
    views.forEach(view -> view.applyFact(fact, logged));
    return appended;
  }

  @Override
  public Logged put(RecordDraft draft) {
    long queueOffset = numbering.nextOffset(draft.topic(), draft.queueId());
    RecordDraft numbered = draft.withQueueOffset(queueOffset);
    Appended appended = log.append(numbered);
    forceWanted = true;
    LoggedRecord logged = LoggedRecord.appended(numbered, appended);
    views.forEach(view -> view.applyMessage(logged));
    return new Logged(
        appended.position(), appended.sizeBytes(), queueOffset, appended.storeTimestampMillis());
  }

  @Override
  public void whenServed(long endPosition, Waiter waiter) {
    if (settings.syncFlush()) {
      whenDurable(endPosition, waiter);
    } else {
      waiter.done(log.failed() ? PutStatus.SERVICE_NOT_AVAILABLE : PutStatus.PUT_OK);
    }
  }

  @Override
  public void whenDurable(long endPosition, Waiter waiter) {
    if (log.failed()) {
      waiter.done(PutStatus.SERVICE_NOT_AVAILABLE);
    } else if (log.durablePosition() >= endPosition) {
      waiter.done(PutStatus.PUT_OK);
    } else {
      waiters.add(endPosition, clock.nowMillis(), waiter);
      log.forceUpTo(endPosition);
    }
  }

  @Override
  public long endPosition() {
    return log.appendedPosition();
  }

  /** Publishes what may be seen now, and tells those who wait for it or have waited too long. */
  public void publish(long nowMillis) {
    long durable = log.durablePosition();
    servedPosition = settings.syncFlush() ? durable : log.appendedPosition();
    waiters.reached(durable);
    waiters.expire(nowMillis);
  }

  /** Asks for the one force that everything appended in this batch needs. */
  public void forceAppended() {
    if (forceWanted && settings.syncFlush()) {
      log.forceUpTo(log.appendedPosition());
    }
    forceWanted = false;
  }

  /** True when something was appended that {@link #publish} could serve without a force. */
  public boolean hasUnpublished() {
    return !settings.syncFlush() && servedPosition < log.appendedPosition();
  }

  /** The log refuses appends from now on: those who wait will not get what they wait for. */
  public void logFailed() {
    waiters.fail(PutStatus.SERVICE_NOT_AVAILABLE);
  }

  /** End of what may be delivered, checked back, completed or reported. */
  public long servedPosition() {
    return servedPosition;
  }

  /** When {@link #publish} has a time-out to tell, or {@code Long.MAX_VALUE}. */
  public long nextDueMillis() {
    return waiters.nextDueMillis();
  }

  @Override
  public RecordView read(long position, int sizeBytes) {
    return log.read(position, sizeBytes);
  }

  private void apply(LoggedRecord record) {
    if (record.topic().equals(SystemTopics.STATE)) {
      SystemRecord fact = SystemRecordCodec.decode(ByteBuffer.wrap(bytesOf(record)));
      views.forEach(view -> view.applyFact(fact, record));
    } else {
      views.forEach(view -> view.applyMessage(record));
    }
  }

  private static byte[] bytesOf(LoggedRecord record) {
    byte[] bytes = new byte[record.body().remaining()];
    record.body().duplicate().get(bytes);
    return bytes;
  }
}
