package io.moiety.broker.transaction;

import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.View;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.SysFlag;
import io.moiety.protocol.SystemTopics;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The view of open half messages, by position and by the time of their next check, and of the last
 * resolutions, which are final.
 *
 * <p>Half messages of branches are none of these: only their branch's decision speaks of them.
 *
 * <p>Owner: the store turn.
 */
public final class HalfMessages implements View {
  private static final int REMEMBERED = 200_000;

  private final long immunityMillis;
  private final Map<Long, HalfMessage> byPosition = new HashMap<>();
  private final TreeSet<HalfMessage> byNextCheck = new TreeSet<>();
  private final Map<Long, Resolution> resolved = new LinkedHashMap<>();

  /** How a half message ended. */
  enum Resolution {
    COMMITTED,
    ROLLED_BACK,
    /** Checked too often, and put where a person sees it. */
    PARKED
  }

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
    return Optional.ofNullable(resolved.get(position));
  }

  /** The half message to be asked about next. */
  Optional<HalfMessage> nextToCheck() {
    return byNextCheck.isEmpty() ? Optional.empty() : Optional.of(byNextCheck.first());
  }

  /** Half messages that wait for their resolution. */
  public int openCount() {
    return byPosition.size();
  }

  /** Puts off a check without counting it; not a fact, so a restart asks earlier. */
  void postpone(HalfMessage half, long nextCheckMillis) {
    replace(half.checked(half.checks(), nextCheckMillis));
  }

  @Override
  public void applyMessage(LoggedRecord record) {
    if (record.topic().equals(SystemTopics.HALF)) {
      stored(record);
    } else if (record.topic().equals(SystemTopics.OP_HALF)) {
      resolve(record.preparedTransactionOffset(), Resolution.ROLLED_BACK);
    } else if (SysFlag.transactionPart(record.sysFlag()) == SysFlag.TRANSACTION_COMMIT) {
      resolve(
          record.preparedTransactionOffset(),
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
    replace(
        new HalfMessage(
            record.position(),
            record.sizeBytes(),
            record.queueOffset(),
            record.properties().get(PropertyNames.PRODUCER_GROUP).orElse(""),
            record.properties().get(PropertyNames.UNIQUE_KEY).orElse(""),
            0,
            record.storeTimestampMillis() + immunityMillis(record)));
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

  private void resolve(long position, Resolution resolution) {
    HalfMessage half = byPosition.remove(position);
    if (half == null) {
      return;
    }
    byNextCheck.remove(half);
    resolved.put(position, resolution);
    if (resolved.size() > REMEMBERED) {
      resolved.remove(resolved.keySet().iterator().next());
    }
  }
}
