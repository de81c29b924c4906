package io.moiety.broker.transaction;

import io.moiety.broker.retention.LiveLook;
import io.moiety.broker.retention.LiveRecords;
import io.moiety.broker.snapshot.Section;
import io.moiety.broker.snapshot.StoredView;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.store.SystemRecord;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SysFlag;
import io.moiety.protocol.SystemTopics;
import java.io.DataInput;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * The view of half messages that are open or parked, each in a {@link HalfTable}, and of the last
 * resolutions: what records mean for them.
 *
 * <pre>
 *  - --half message--> OPEN --copy on the real topic--> COMMITTED
 *                      |  ^ --op record--------------> ROLLED_BACK
 *                      |  |
 *       copy on        |  | half message that says what it resumes
 *       CHECK_MAX_TIME v  |
 *                     PARKED
 * </pre>
 *
 * HalfChecked is legal in OPEN only. COMMITTED and ROLLED_BACK are final: a later record that
 * resolves changes nothing. What is parked stays, as what is open does, until somebody decides it.
 *
 * <p>Half messages of branches are none of these: only their branch's decision speaks of them.
 *
 * <p>Owner: the store turn.
 */
public final class HalfMessages implements StoredView, LiveRecords {
  /** Who asks for more gets a year, as for delays. */
  private static final long MAX_IMMUNITY_SECONDS = TimeUnit.DAYS.toSeconds(365);

  private final long immunityMillis;

  private final HalfTable open = new HalfTable();
  private final HalfTable parked = new HalfTable();
  private final Resolutions resolutions = new Resolutions();

  /** How a half message ended. */
  enum Resolution {
    COMMITTED,
    ROLLED_BACK,
    /** Checked too often, and put where a person sees it. */
    PARKED
  }

  /**
   * A remembered resolution.
   *
   * @param position of the record that resolved; of what is parked, where that lies now
   */
  record Resolved(long halfPosition, Resolution resolution, long position) {}

  /**
   * An empty view.
   *
   * @param immunityMillis how long a half message is left alone that names no time of its own
   */
  public HalfMessages(long immunityMillis) {
    this.immunityMillis = immunityMillis;
  }

  Optional<HalfMessage> find(long position) {
    return open.find(position);
  }

  /** How a half message ended that is not open any more, while that is remembered. */
  Optional<Resolved> resolution(long position) {
    return parked(position)
        .map(half -> new Resolved(position, Resolution.PARKED, half.storedPosition()))
        .or(() -> resolutions.find(position));
  }

  /** A half message that waits where it was parked. */
  Optional<HalfMessage> parked(long position) {
    return parked.find(position);
  }

  /** Half messages that are parked, by their positions, at most so many. */
  List<HalfMessage> parkedAfter(long position, int limit) {
    return parked.from(position + 1, limit);
  }

  /** Open half messages by their positions, at most so many. */
  List<HalfMessage> openAfter(long position, int limit) {
    return open.from(position + 1, limit);
  }

  /** Those to be asked about until then, at most so many; all have their turn. */
  List<HalfMessage> toCheckUntil(long millis, int limit) {
    return open.dueUntil(millis, limit);
  }

  /** Before then none is to be asked about; the greatest number when none is open. */
  long nextCheckMillis() {
    return open.soonestAskMillis();
  }

  /** Half messages that wait for their resolution. */
  public int openCount() {
    return open.count();
  }

  /** Puts off a check without counting it; not a fact, so a restart asks earlier. */
  void postpone(HalfMessage half, long nextCheckMillis) {
    open.putOff(half.position(), nextCheckMillis);
  }

  @Override
  public Object state() {
    List<HalfMessage> logged =
        open.from(0, Integer.MAX_VALUE).stream().map(HalfMessage::asLogged).toList();
    Resolutions.Captured captured = resolutions.capture();
    List<Resolved> ended = IntStream.range(0, captured.count()).mapToObj(captured::at).toList();
    return List.of(logged, parked.from(0, Integer.MAX_VALUE), ended);
  }

  @Override
  public String sectionName() {
    return "half-messages";
  }

  @Override
  public int sectionVersion() {
    return HalfMessagesSection.VERSION;
  }

  @Override
  public Section capture() {
    return new HalfMessagesSection(open.capture(), parked.capture(), resolutions.capture());
  }

  @Override
  public void restore(DataInput section) throws IOException {
    HalfMessagesSection.read(section, open::put, parked::put, resolutions::add);
  }

  @Override
  public void forgetBefore(long firstPosition) {
    open.forgetBefore(firstPosition);
    parked.forgetBefore(firstPosition);
    resolutions.forgetBefore(firstPosition);
  }

  /** How often the producers were asked, and when they are next. */
  @Override
  public String knownOf(RecordView carried) {
    boolean isHalf =
        carried.topic().equals(SystemTopics.HALF)
            && carried.property(PropertyNames.BRANCH_INCARNATION).isEmpty();
    return isHalf
        ? open.find(HalfIdentity.of(carried).position())
            .filter(HalfMessage::asked)
            .map(half -> half.checks() + ":" + half.nextCheckMillis())
            .orElse("")
        : "";
  }

  @Override
  public LiveLook look(long endPosition) {
    LiveLook lookAtOpen = open.look(endPosition);
    LiveLook lookAtParked = parked.look(endPosition);
    return live -> lookAtOpen.goOn(live) && lookAtParked.goOn(live);
  }

  /** False for what is not where its half message lies now: a copy of it would be the newest. */
  @Override
  public boolean isLive(RecordView record) {
    if (record.property(PropertyNames.BRANCH_INCARNATION).isPresent()) {
      return true;
    }
    if (record.topic().equals(SystemTopics.HALF)) {
      return isAt(record, open.find(HalfIdentity.of(record).position()));
    }
    return !record.topic().equals(SystemTopics.CHECK_MAX_TIME)
        || isAt(record, parked.find(record.preparedTransactionOffset()));
  }

  private static boolean isAt(RecordView record, Optional<HalfMessage> half) {
    return half.filter(known -> known.storedPosition() == record.position()).isPresent();
  }

  @Override
  public void applyMessage(LoggedRecord record) {
    if (record.topic().equals(SystemTopics.HALF)) {
      stored(record);
    } else if (record.topic().equals(SystemTopics.CHECK_MAX_TIME)) {
      park(record);
    } else if (record.isCarried()) {
      return; // What it resolved, the original had resolved.
    } else if (record.topic().equals(SystemTopics.OP_HALF)) {
      resolve(record, Resolution.ROLLED_BACK);
    } else if (SysFlag.transactionPart(record.sysFlag()) == SysFlag.TRANSACTION_COMMIT) {
      resolve(record, Resolution.COMMITTED);
    }
  }

  @Override
  public void applyFact(SystemRecord fact, LoggedRecord record) {
    if (fact instanceof SystemRecord.HalfChecked checked) {
      find(checked.halfPosition())
          .ifPresent(half -> open.put(half.checked(checked.checks(), checked.nextCheckMillis())));
    }
  }

  private void stored(LoggedRecord record) {
    if (record.properties().get(PropertyNames.BRANCH_INCARNATION).isPresent()) {
      return;
    }
    HalfIdentity identity = HalfIdentity.of(record);
    Optional<HalfMessage> known = open.find(identity.position());
    if (known.isPresent()) {
      open.put(known.get().carriedTo(record.position(), record.sizeBytes()));
      return;
    }
    parked.remove(identity.position());
    long firstCheckMillis = record.origin().storeTimestampMillis() + immunityMillis(record);
    HalfMessage half =
        HalfMessage.fresh(identity, span(record), producerGroup(record), firstCheckMillis);
    String checks = record.origin().known();
    open.put(checks.isEmpty() ? half : checked(half, checks));
  }

  /** What {@link #knownOf} said of it. */
  private static HalfMessage checked(HalfMessage half, String known) {
    int colon = known.indexOf(':');
    return half.checked(
        Integer.parseInt(known.substring(0, colon)), Long.parseLong(known.substring(colon + 1)));
  }

  /** Also a copy of what was parked before, which says where it lies now. */
  private void park(LoggedRecord record) {
    if (endsHalf(record)) {
      parked.put(
          HalfMessage.parked(HalfIdentity.ofParked(record), span(record), producerGroup(record)));
    }
  }

  private static RecordSpan span(LoggedRecord record) {
    return new RecordSpan(record.position(), record.sizeBytes());
  }

  private static String producerGroup(LoggedRecord record) {
    return record.properties().get(PropertyNames.PRODUCER_GROUP).orElse("");
  }

  private long immunityMillis(LoggedRecord record) {
    Optional<String> own = record.properties().get(PropertyNames.CHECK_IMMUNITY_SECONDS);
    try {
      return own.isPresent()
          ? TimeUnit.SECONDS.toMillis(
              Math.min(MAX_IMMUNITY_SECONDS, Math.max(0, Long.parseLong(own.get()))))
          : immunityMillis;
    } catch (NumberFormatException notSeconds) {
      return immunityMillis;
    }
  }

  private void resolve(LoggedRecord record, Resolution resolution) {
    long halfPosition = record.preparedTransactionOffset();
    if (parked.find(halfPosition).isEmpty() && endsHalf(record)) {
      resolutions.add(new Resolved(halfPosition, resolution, record.position()));
    }
  }

  /**
   * Whether a record ends a half message, which is not open any more then. A resolution of what was
   * ended before says nothing new, unless the half message itself was deleted with its segment
   * before this replay began.
   */
  private boolean endsHalf(LoggedRecord record) {
    long halfPosition = record.preparedTransactionOffset();
    boolean wasOpen = open.remove(halfPosition).isPresent();
    return wasOpen || (resolutions.find(halfPosition).isEmpty() && mayResolve(record));
  }

  /** False for the messages of branches, and for copies of a committed message after a delay. */
  private static boolean mayResolve(LoggedRecord record) {
    return record.preparedTransactionOffset() > 0
        && record.properties().get(PropertyNames.BRANCH_INCARNATION).isEmpty();
  }
}
