package io.moiety.broker.transaction;

import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.PutStatus;
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
 * only a check that a live producer got, and did not answer with "still active", counts towards the
 * maximum; what exceeds it is moved where a person sees it and can take it back, never dropped.
 *
 * <p>Owner: the store turn.
 */
public final class CheckBack implements DueWork {
  private static final Logger LOG = System.getLogger(CheckBack.class.getName());
  private static final int MAX_PER_RUN = 64;

  /** Of an absent group somebody looks each interval; more than this is a broker that did not. */
  private static final int MAX_GAP_INTERVALS = 16;

  private final HalfMessages halves;
  private final RecordReader reader;
  private final ColdReads coldReads;
  private final Journal journal;
  private final CheckSender sender;
  private final LongSupplier servedPosition;
  private final Settings settings;
  private final AbsentGroups absentGroups;

  /** Reader threads bring half messages that are due to memory. */
  private boolean reading;

  /** Positions of those that they bring or brought, to be asked about first. */
  private List<Long> readBefore = List.of();

  /**
   * How often and how long producers are asked.
   *
   * @param intervalMillis RocketMQ's {@code transactionCheckInterval}
   * @param maxChecks RocketMQ's {@code transactionCheckMax}
   * @param unaskedMillis how long nobody of its group could be reached, since its check was due,
   *     when a half message is put aside
   */
  public record Settings(long intervalMillis, int maxChecks, long unaskedMillis) {}

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
    this.absentGroups = new AbsentGroups(MAX_GAP_INTERVALS * settings.intervalMillis());
  }

  /** Asks about what is due, a bounded number at a time. */
  @Override
  public void run(long nowMillis) {
    if (reading) {
      return;
    }
    List<HalfMessage> due = due(nowMillis);
    for (HalfMessage half : due) {
      if (isNobodyThere(half, nowMillis)) {
        halves.postpone(half, nowMillis + settings.intervalMillis());
      } else if (readBefore(half, due)) {
        return;
      } else {
        checkReadable(half, nowMillis);
      }
    }
  }

  /** Those that were read for this, as far as they are still due; or else the next ones. */
  private List<HalfMessage> due(long nowMillis) {
    List<HalfMessage> due =
        readBefore.stream()
            .map(halves::find)
            .flatMap(Optional::stream)
            .filter(half -> half.askMillis() <= nowMillis)
            .toList();
    readBefore = List.of();
    return due.isEmpty() ? halves.toCheckUntil(nowMillis, MAX_PER_RUN) : due;
  }

  @Override
  public long nextDueMillis() {
    return reading ? Long.MAX_VALUE : halves.nextCheckMillis();
  }

  /** Then it need not be read, unless that lasts so long that it is put aside. */
  private boolean isNobodyThere(HalfMessage half, long nowMillis) {
    return half.checks() < settings.maxChecks()
        && !sender.mayReach(half.producerGroup())
        && !isMissedTooLong(half, nowMillis);
  }

  private boolean isMissedTooLong(HalfMessage half, long nowMillis) {
    long missedMillis = absentGroups.missedSinceMillis(half.producerGroup(), nowMillis);
    long sinceMillis = Math.max(half.nextCheckMillis(), missedMillis);
    return nowMillis - sinceMillis >= settings.unaskedMillis();
  }

  private void checkReadable(HalfMessage half, long nowMillis) {
    try {
      check(half, nowMillis);
    } catch (AppendRefusedException refused) {
      // A log that refuses everything says so itself.
      LOG.log(
          refused.status() == PutStatus.MESSAGE_ILLEGAL ? Level.ERROR : Level.DEBUG,
          "What became of the check of the half message at position {0} cannot be stored; it is"
              + " checked again later: {1}",
          half.position(),
          refused.getMessage());
      halves.postpone(half, nowMillis + settings.intervalMillis());
    } catch (RecordDamagedException | RecordUnreadableException damaged) {
      LOG.log(
          Level.ERROR,
          "A half message is damaged and cannot be asked about; the others are: {0}",
          damaged.getMessage());
      halves.postpone(half, nowMillis + settings.intervalMillis());
    }
  }

  /** True when it is being read, with those that are due with it: they wait until that is done. */
  private boolean readBefore(HalfMessage half, List<HalfMessage> due) {
    if (coldReads.isWarm(half.span())) {
      return false;
    }
    List<RecordSpan> spans = due.stream().map(HalfMessage::span).toList();
    reading = true;
    boolean begun = coldReads.read(coldReads.coldOf(spans), () -> reading = false);
    reading &= begun;
    if (begun) {
      readBefore = due.stream().map(HalfMessage::position).toList();
    }
    return reading;
  }

  private void check(HalfMessage half, long nowMillis) {
    if (half.endPosition() > servedPosition.getAsLong()) {
      halves.postpone(half, nowMillis + settings.intervalMillis());
      return;
    }
    RecordView stored = reader.read(half.storedPosition(), half.sizeBytes());
    if (half.checks() >= settings.maxChecks()) {
      park(half, stored);
      return;
    }
    String group = stored.property(PropertyNames.PRODUCER_GROUP).orElse("");
    int members = sender.send(group, stored.bornHost(), half.checks(), request(half, stored));
    if (members > 0) {
      absentGroups.reached(group);
      int checks = half.checks() + 1;
      long delayMillis = CheckPace.delayMillis(checks, members, settings.intervalMillis());
      journal.record(new HalfChecked(half.position(), checks, nowMillis + delayMillis));
    } else if (isMissedTooLong(half, nowMillis)) {
      park(half, stored);
    } else {
      halves.postpone(half, nowMillis + settings.intervalMillis());
    }
  }

  /**
   * A producer answered a check: its transaction is still active, so the check does not count.
   *
   * @param checkTimes which check that was; an answer to another one changes nothing
   * @return why nothing was done, or empty
   */
  public Optional<Resolver.Answer> stillActive(
      Resolver.Target target, Resolver.Claimant claimant, int checkTimes) {
    Optional<HalfMessage> half = halves.find(target.position());
    Optional<Resolver.Answer> refusal =
        half.flatMap(
            open ->
                Resolver.refusal(
                    reader.read(open.storedPosition(), open.sizeBytes()), target, claimant));
    if (half.isEmpty() || refusal.isPresent()) {
      return refusal;
    }
    if (checkTimes > 0 && checkTimes == half.get().checks()) {
      journal.record(
          new HalfChecked(half.get().position(), checkTimes - 1, half.get().nextCheckMillis()));
    }
    return Optional.empty();
  }

  /** Out of the way of the checks, under its own names: a person decides. */
  private void park(HalfMessage half, RecordView stored) {
    LOG.log(
        Level.WARNING,
        "The half message at position {0} was asked about {1} times in vain and is put aside on {2}",
        half.position(),
        half.checks(),
        SystemTopics.CHECK_MAX_TIME);
    journal.put(
        RecordDraft.copyOf(stored)
            .withDestination(SystemTopics.CHECK_MAX_TIME, 0)
            .withSysFlag(SysFlag.withTransactionPart(stored.sysFlag(), SysFlag.TRANSACTION_COMMIT))
            .withPreparedTransactionOffset(half.position())
            .withProperties(
                stored
                    .properties()
                    .without(PropertyNames.CARRIED, PropertyNames.RESUMED, PropertyNames.DECIDED_BY)
                    .with(
                        PropertyNames.TRANSACTION_PREPARED_QUEUE_OFFSET,
                        Long.toString(half.queueOffset()))));
  }

  /**
   * Makes an open half message again of what was parked, under its old names, as if it was never
   * asked about.
   *
   * @return the end of the record that says so, with who
   */
  long resume(RecordView parked, String decidedBy) {
    RecordDraft half =
        RecordDraft.copyOf(parked)
            .withDestination(SystemTopics.HALF, 0)
            .withSysFlag(SysFlag.withTransactionPart(parked.sysFlag(), SysFlag.TRANSACTION_NONE))
            .withPreparedTransactionOffset(0)
            .withProperties(
                parked
                    .properties()
                    .without(PropertyNames.CARRIED, PropertyNames.TRANSACTION_PREPARED_QUEUE_OFFSET)
                    .with(PropertyNames.RESUMED, HalfIdentity.ofParked(parked).format())
                    .with(PropertyNames.DECIDED_BY, decidedBy));
    return journal.put(half).endPosition();
  }

  private static Command request(HalfMessage half, RecordView stored) {
    RecordDraft real = Completion.real(stored);
    RecordDraft asked =
        real.withProperties(
            real.properties()
                .with(PropertyNames.TRANSACTION_CHECK_TIMES, Integer.toString(half.checks() + 1)));
    ByteBuffer body = ByteBuffer.allocate(RecordLayout.sizeBytes(asked));
    RecordLayout.write(asked, half.position(), Carried.origin(stored).storeTimestampMillis(), body);
    String uniqueKey = stored.property(PropertyNames.UNIQUE_KEY).orElse("");
    Fields fields =
        Fields.builder()
            .put("topic", real.topic())
            .put("tranStateTableOffset", half.queueOffset())
            .put("commitLogOffset", half.position())
            .put("msgId", uniqueKey)
            .put("transactionId", uniqueKey)
            .put("offsetMsgId", MessageIds.offsetMessageId(stored.storeHost(), half.position()))
            .build();
    return Command.request(RequestCode.CHECK_TRANSACTION_STATE, fields, body.clear()).asOneway();
  }
}
