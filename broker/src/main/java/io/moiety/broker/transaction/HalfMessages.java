package io.moiety.broker.transaction;

import io.moiety.broker.retention.LiveLook;
import io.moiety.broker.retention.LiveRecords;
import io.moiety.broker.retention.LiveSet;
import io.moiety.broker.snapshot.Section;
import io.moiety.broker.snapshot.StoredView;
import io.moiety.broker.store.Carried;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SysFlag;
import io.moiety.protocol.SystemTopics;
import java.io.DataInput;
import java.io.IOException;
import java.util.ArrayList;
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
 * resolutions, which are final.
 *
 * <p>Half messages of branches are none of these: only their branch's decision speaks of them.
 *
 * <p>Owner: the store turn.
 */
public final class HalfMessages implements StoredView, LiveRecords {
  private static final int REMEMBERED = 200_000;

  private final long immunityMillis;

  /** In the order in which they lie in the log. */
  private final Map<Long, HalfMessage> byPosition = new LinkedHashMap<>();

  private final TreeSet<HalfMessage> byNextCheck = new TreeSet<>();

  /** By the half message's position, in the order of the resolutions in the log. */
  private final Map<Long, Resolved> resolved = new LinkedHashMap<>();

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

  Optional<Resolution> resolution(long position) {
    return Optional.ofNullable(resolved.get(position)).map(Resolved::resolution);
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
    return List.of(Set.copyOf(open), List.copyOf(resolved.values()));
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
    return new HalfMessagesSection(
        List.copyOf(byPosition.values()), List.copyOf(resolved.values()));
  }

  @Override
  public void restore(DataInput section) throws IOException {
    HalfMessagesSection read = HalfMessagesSection.read(section);
    read.open().forEach(this::replace);
    read.resolved().forEach(known -> resolved.put(known.halfPosition(), known));
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
    Iterator<Resolved> oldest = resolved.values().iterator();
    while (oldest.hasNext() && oldest.next().position() < firstPosition) {
      oldest.remove();
    }
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
        || byPosition.containsKey(Carried.origin(record).position());
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
    Carried origin = record.origin();
    HalfMessage known = byPosition.remove(origin.position());
    if (known != null) {
      byNextCheck.remove(known);
      replace(known.carriedTo(record.position(), record.sizeBytes()));
      return;
    }
    long firstCheckMillis = origin.storeTimestampMillis() + immunityMillis(record);
    replace(
        new HalfMessage(
            origin.position(),
            record.position(),
            record.sizeBytes(),
            record.queueOffset(),
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
    } else if (resolved.containsKey(halfPosition) || !mayResolve(record)) {
      return;
    }
    resolved.put(halfPosition, new Resolved(halfPosition, resolution, record.position()));
    if (resolved.size() > REMEMBERED) {
      resolved.remove(resolved.keySet().iterator().next());
    }
  }

  /** False for the messages of branches, and for copies of a committed message after a delay. */
  private static boolean mayResolve(LoggedRecord record) {
    return record.preparedTransactionOffset() > 0
        && record.properties().get(PropertyNames.BRANCH_INCARNATION).isEmpty();
  }
}
