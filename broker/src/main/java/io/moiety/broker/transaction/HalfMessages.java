package io.moiety.broker.transaction;

import io.moiety.broker.retention.LiveLook;
import io.moiety.broker.retention.LiveRecords;
import io.moiety.broker.retention.LiveSet;
import io.moiety.broker.snapshot.Section;
import io.moiety.broker.snapshot.StoredView;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SysFlag;
import io.moiety.protocol.SystemTopics;
import java.io.DataInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The view of open half messages, by position and by the time of their next check, and of the last
 * resolutions.
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
 * resolves changes nothing.
 *
 * <p>Half messages of branches are none of these: only their branch's decision speaks of them.
 *
 * <p>Owner: the store turn.
 */
public final class HalfMessages implements StoredView, LiveRecords {
  private final long immunityMillis;

  /** In the order in which they lie in the log. */
  private final Map<Long, HalfMessage> byPosition = new LinkedHashMap<>();

  private final TreeSet<HalfMessage> byNextCheck = new TreeSet<>();

  private final Resolutions resolutions = new Resolutions();

  /** How a half message ended. */
  enum Resolution {
    COMMITTED,
    ROLLED_BACK,
    /** Checked too often, and put where a person sees it. */
    PARKED
  }

  /** A remembered resolution; {@code position} is that of the record that resolved. */
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
    return Optional.ofNullable(byPosition.get(position));
  }

  /** How a half message ended that is not open any more, while that is remembered. */
  Optional<Resolved> resolution(long position) {
    return resolutions.find(position);
  }

  /** Half messages that were parked, by their positions, at most so many. */
  List<Resolved> parkedAfter(long position, int limit) {
    return resolutions.parkedAfter(position, limit);
  }

  /** Open half messages by their positions, at most so many; looks at all. */
  List<HalfMessage> openAfter(long position, int limit) {
    return byPosition.values().stream()
        .filter(half -> half.position() > position)
        .sorted(Comparator.comparingLong(HalfMessage::position))
        .limit(limit)
        .toList();
  }

  /** The half message to be asked about next. */
  Optional<HalfMessage> nextToCheck() {
    return byNextCheck.isEmpty() ? Optional.empty() : Optional.of(byNextCheck.first());
  }

  /** Those to be asked about until then, soonest first, at most so many. */
  List<HalfMessage> toCheckUntil(long millis, int limit) {
    return byNextCheck.stream().limit(limit).takeWhile(half -> half.askMillis() <= millis).toList();
  }

  /** Half messages that wait for their resolution. */
  public int openCount() {
    return byPosition.size();
  }

  /** Puts off a check without counting it; not a fact, so a restart asks earlier. */
  void postpone(HalfMessage half, long nextCheckMillis) {
    replace(half.postponed(nextCheckMillis));
  }

  @Override
  public Object state() {
    List<HalfMessage> open = new ArrayList<>();
    byPosition.values().forEach(half -> open.add(half.postponed(half.nextCheckMillis())));
    return List.of(Set.copyOf(open), resolutions.all());
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
    return new HalfMessagesSection(List.copyOf(byPosition.values()), resolutions.all());
  }

  @Override
  public void restore(DataInput section) throws IOException {
    HalfMessagesSection read = HalfMessagesSection.read(section);
    read.open().forEach(this::replace);
    read.resolved().forEach(resolutions::add);
  }

  @Override
  public void forgetBefore(long firstPosition) {
    Iterator<HalfMessage> lowest = byPosition.values().iterator();
    while (lowest.hasNext()) {
      HalfMessage half = lowest.next();
      if (half.storedPosition() >= firstPosition) {
        break;
      }
      lowest.remove();
      byNextCheck.remove(half);
    }
    resolutions.forgetBefore(firstPosition);
  }

  /** How often the producers were asked, since a copy of the half message does not say it. */
  @Override
  public void sayFacts(Consumer<SystemRecord> base) {
    for (HalfMessage half : byPosition.values()) {
      if (half.checks() > 0) {
        base.accept(
            new SystemRecord.HalfChecked(half.position(), half.checks(), half.nextCheckMillis()));
      }
    }
  }

  @Override
  public LiveLook look(long endPosition) {
    return live -> {
      addLive(endPosition, live);
      return true;
    };
  }

  private void addLive(long endPosition, LiveSet live) {
    for (HalfMessage half : byPosition.values()) {
      if (half.storedPosition() >= endPosition || live.isFull()) {
        return;
      }
      live.add(half.storedPosition(), half.sizeBytes());
    }
  }

  @Override
  public boolean isLive(RecordView record) {
    return !record.topic().equals(SystemTopics.HALF)
        || record.property(PropertyNames.BRANCH_INCARNATION).isPresent()
        || byPosition.containsKey(HalfIdentity.of(record).position());
  }

  @Override
  public void applyMessage(LoggedRecord record) {
    if (record.topic().equals(SystemTopics.HALF)) {
      stored(record);
    } else if (record.isCarried()) {
      return; // What it resolved, the original had resolved.
    } else if (record.topic().equals(SystemTopics.OP_HALF)) {
      resolve(record, Resolution.ROLLED_BACK);
    } else if (SysFlag.transactionPart(record.sysFlag()) == SysFlag.TRANSACTION_COMMIT) {
      resolve(
          record,
          record.topic().equals(SystemTopics.CHECK_MAX_TIME)
              ? Resolution.PARKED
              : Resolution.COMMITTED);
    }
  }

  @Override
  public void applyFact(SystemRecord fact, LoggedRecord record) {
    if (fact instanceof SystemRecord.HalfChecked checked) {
      find(checked.halfPosition())
          .ifPresent(half -> replace(half.checked(checked.checks(), checked.nextCheckMillis())));
    }
  }

  private void stored(LoggedRecord record) {
    if (record.properties().get(PropertyNames.BRANCH_INCARNATION).isPresent()) {
      return;
    }
    HalfIdentity identity = HalfIdentity.of(record);
    HalfMessage known = byPosition.remove(identity.position());
    if (known != null) {
      byNextCheck.remove(known);
      replace(known.carriedTo(record.position(), record.sizeBytes()));
      return;
    }
    resolutions.resumed(identity.position());
    long firstCheckMillis = record.origin().storeTimestampMillis() + immunityMillis(record);
    replace(
        new HalfMessage(
            identity.position(),
            record.position(),
            record.sizeBytes(),
            identity.queueOffset(),
            record.properties().get(PropertyNames.PRODUCER_GROUP).orElse(""),
            record.properties().get(PropertyNames.UNIQUE_KEY).orElse(""),
            0,
            firstCheckMillis,
            firstCheckMillis));
  }

  private long immunityMillis(LoggedRecord record) {
    Optional<String> own = record.properties().get(PropertyNames.CHECK_IMMUNITY_SECONDS);
    try {
      return own.isPresent()
          ? Math.max(0, Math.multiplyExact(Long.parseLong(own.get()), 1_000L))
          : immunityMillis;
    } catch (NumberFormatException | ArithmeticException notSeconds) {
      return immunityMillis;
    }
  }

  private void replace(HalfMessage half) {
    HalfMessage before = byPosition.put(half.position(), half);
    if (before != null) {
      byNextCheck.remove(before);
    }
    byNextCheck.add(half);
  }

  /**
   * A resolution of what is not open any more says nothing new, unless the half message itself was
   * deleted with its segment before this replay began.
   */
  private void resolve(LoggedRecord record, Resolution resolution) {
    long halfPosition = record.preparedTransactionOffset();
    HalfMessage half = byPosition.remove(halfPosition);
    if (half != null) {
      byNextCheck.remove(half);
    } else if (resolutions.find(halfPosition).isPresent() || !mayResolve(record)) {
      return;
    }
    resolutions.add(new Resolved(halfPosition, resolution, record.position()));
  }

  /** False for the messages of branches, and for copies of a committed message after a delay. */
  private static boolean mayResolve(LoggedRecord record) {
    return record.preparedTransactionOffset() > 0
        && record.properties().get(PropertyNames.BRANCH_INCARNATION).isEmpty();
  }
}
