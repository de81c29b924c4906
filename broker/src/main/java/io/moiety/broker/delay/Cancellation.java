package io.moiety.broker.delay;

import io.moiety.broker.log.Appended;
import io.moiety.broker.log.RecordDamagedException;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.RecordReader;
import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.store.SystemRecord;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;

/**
 * Cancels messages with an exact delay before their time. The record of it in the log is the end of
 * the message, as its delivered copy would be: of the two there is only ever one.
 *
 * <p>Owner: the store turn.
 */
public final class Cancellation {
  private static final Logger LOG = System.getLogger(Cancellation.class.getName());

  /** Messages of one millisecond whose unique keys have the same hash. */
  private static final int MAX_CANDIDATES = 64;

  private final TimerSchedule timers;
  private final RecordReader reader;
  private final Journal journal;

  Cancellation(TimerSchedule timers, RecordReader reader, Journal journal) {
    this.timers = timers;
    this.reader = reader;
    this.journal = journal;
  }

  /**
   * Which message: all copies that wait for this time with this key, since a send that was tried
   * again may have been stored more than once.
   *
   * @param topic where it would be delivered
   */
  public record Which(String topic, long dueMillis, String uniqueKey) {}

  /** What {@link #cancel} will read. */
  public List<RecordSpan> toRead(Which which) {
    return candidates(which).stream().map(Delayed::span).toList();
  }

  /**
   * Cancels the message.
   *
   * @param waiter told when that is as durable as the flush mode demands
   * @return false when no such message waits: it was delivered or cancelled, or never was
   * @throws io.moiety.broker.log.AppendRefusedException with nothing changed
   */
  public boolean cancel(Which which, Journal.Waiter waiter) {
    List<SystemRecord.DelayCancelled> found =
        candidates(which).stream()
            .filter(delayed -> isOne(delayed, which))
            .map(Delayed::cancelled)
            .toList();
    if (found.isEmpty()) {
      return false;
    }
    Appended appended = journal.recordAll(found);
    journal.whenServed(appended.endPosition(), waiter);
    return true;
  }

  private List<Delayed> candidates(Which which) {
    return timers.find(which.dueMillis(), Delayed.keyHash(which.uniqueKey()), MAX_CANDIDATES);
  }

  private boolean isOne(Delayed delayed, Which which) {
    try {
      RecordView record = reader.read(delayed.position(), delayed.sizeBytes());
      return record.property(PropertyNames.REAL_TOPIC).equals(Optional.of(which.topic()))
          && record.property(PropertyNames.UNIQUE_KEY).equals(Optional.of(which.uniqueKey()));
    } catch (RecordDamagedException damaged) {
      LOG.log(
          Level.WARNING,
          "A delayed message is damaged and so cannot be told from another: {0}",
          damaged.getMessage());
      return false;
    }
  }
}
