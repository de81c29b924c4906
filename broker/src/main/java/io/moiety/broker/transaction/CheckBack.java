package io.moiety.broker.transaction;

import io.moiety.broker.log.RecordDamagedException;
import io.moiety.broker.log.RecordUnreadableException;
import io.moiety.broker.store.Carried;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.DueWork;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.RecordReader;
import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.store.SystemRecord.HalfChecked;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.MessageIds;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordLayout;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.SysFlag;
import io.moiety.protocol.SystemTopics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Asks producers what became of half messages that nobody resolved. Only what is due is touched;
 * only a check that a live producer got counts towards the maximum; what exceeds it is moved where
 * a person sees it, never dropped.
 *
 * <p>Owner: the store turn.
 */
public final class CheckBack implements DueWork {
  private static final Logger LOG = System.getLogger(CheckBack.class.getName());
  private static final int MAX_PER_RUN = 64;

  private final HalfMessages halves;
  private final RecordReader reader;
  private final ColdReads coldReads;
  private final Journal journal;
  private final CheckSender sender;
  private final LongSupplier servedPosition;
  private final Settings settings;

  /** Reader threads bring half messages that are due to memory. */
  private boolean reading;

  /**
   * How often and how long producers are asked.
   *
   * @param intervalMillis RocketMQ's {@code transactionCheckInterval}
   * @param maxChecks RocketMQ's {@code transactionCheckMax}
   */
  public record Settings(long intervalMillis, int maxChecks) {}

  public CheckBack(
      HalfMessages halves,
      RecordReader reader,
      ColdReads coldReads,
      Journal journal,
      CheckSender sender,
      LongSupplier servedPosition,
      Settings settings) {
    this.halves = halves;
    this.reader = reader;
    this.coldReads = coldReads;
    this.journal = journal;
    this.sender = sender;
    this.servedPosition = servedPosition;
    this.settings = settings;
  }

  /** Asks about what is due, a bounded number at a time. */
  @Override
  public void run(long nowMillis) {
    for (int i = 0; i < MAX_PER_RUN && !reading; i++) {
      Optional<HalfMessage> due =
          halves.nextToCheck().filter(half -> half.askMillis() <= nowMillis);
      if (due.isEmpty() || readBefore(due.get(), nowMillis)) {
        return;
      }
      try {
        check(due.get(), nowMillis);
      } catch (RecordDamagedException | RecordUnreadableException damaged) {
        LOG.log(
            Level.ERROR,
            "A half message is damaged and cannot be asked about; the others are: {0}",
            damaged.getMessage());
        halves.postpone(due.get(), nowMillis + settings.intervalMillis());
      }
    }
  }

  @Override
  public long nextDueMillis() {
    return reading
        ? Long.MAX_VALUE
        : halves.nextToCheck().map(HalfMessage::askMillis).orElse(Long.MAX_VALUE);
  }

  /** True when it is being read, with others that are due: they wait until that is done. */
  private boolean readBefore(HalfMessage half, long nowMillis) {
    if (coldReads.isWarm(half.span())) {
      return false;
    }
    List<RecordSpan> due =
        halves.toCheckUntil(nowMillis, MAX_PER_RUN).stream().map(HalfMessage::span).toList();
    reading = true;
    boolean begun = coldReads.read(coldReads.coldOf(due), () -> reading = false);
    reading &= begun;
    return reading;
  }

  private void check(HalfMessage half, long nowMillis) {
    long nextMillis = nowMillis + settings.intervalMillis();
    if (half.endPosition() > servedPosition.getAsLong()) {
      halves.postpone(half, nextMillis);
      return;
    }
    RecordView stored = reader.read(half.storedPosition(), half.sizeBytes());
    if (half.checks() >= settings.maxChecks()) {
      park(stored);
    } else if (sender.send(half.producerGroup(), request(half, stored))) {
      journal.record(new HalfChecked(half.position(), half.checks() + 1, nextMillis));
    } else {
      halves.postpone(half, nextMillis);
    }
  }

  /** Out of the way of the checks, under its own names: a person decides. */
  private void park(RecordView stored) {
    journal.put(
        RecordDraft.copyOf(stored)
            .withDestination(SystemTopics.CHECK_MAX_TIME, 0)
            .withSysFlag(SysFlag.withTransactionPart(stored.sysFlag(), SysFlag.TRANSACTION_COMMIT))
            .withPreparedTransactionOffset(Carried.origin(stored).position())
            .withProperties(stored.properties().without(PropertyNames.CARRIED)));
  }

  private static Command request(HalfMessage half, RecordView stored) {
    RecordDraft real = Completion.real(stored);
    RecordDraft asked =
        real.withProperties(
            real.properties()
                .with(PropertyNames.TRANSACTION_CHECK_TIMES, Integer.toString(half.checks() + 1)));
    ByteBuffer body = ByteBuffer.allocate(RecordLayout.sizeBytes(asked));
    Carried origin = Carried.origin(stored);
    RecordLayout.write(asked, origin.position(), origin.storeTimestampMillis(), body);
    Fields fields =
        Fields.builder()
            .put("topic", real.topic())
            .put("tranStateTableOffset", half.queueOffset())
            .put("commitLogOffset", half.position())
            .put("msgId", half.uniqueKey())
            .put("transactionId", half.uniqueKey())
            .put("offsetMsgId", MessageIds.offsetMessageId(stored.storeHost(), half.position()))
            .build();
    return Command.request(RequestCode.CHECK_TRANSACTION_STATE, fields, body.clear()).asOneway();
  }
}
