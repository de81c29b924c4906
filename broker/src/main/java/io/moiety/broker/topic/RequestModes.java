package io.moiety.broker.topic;

import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.SystemRecord.RequestModeSet;
import io.moiety.broker.store.View;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * The view of which groups receive which topics by POP, as an administrator said with
 * SET_MESSAGE_REQUEST_MODE; all others pull.
 *
 * <p>Owner: the store turn.
 */
public final class RequestModes implements View {

  /** Every base says them again. */
  static final int MAX_MODES = 10_000;

  private final Map<Reading, Integer> popShares = new HashMap<>();

  private record Reading(String group, String topic) {}

  /** With how many other members a member shares its queues; empty when the group pulls. */
  public OptionalInt popShareQueues(String group, String topic) {
    Integer share = popShares.get(new Reading(group, topic));
    return share == null ? OptionalInt.empty() : OptionalInt.of(share);
  }

  /** Why there cannot be another group that pops, with the limit; empty when there can. */
  public Optional<String> refuse(String group, String topic) {
    return popShares.size() >= MAX_MODES && !popShares.containsKey(new Reading(group, topic))
        ? Optional.of(
            MAX_MODES + " groups pop topics already, which is the limit: let some pull again")
        : Optional.empty();
  }

  @Override
  public void applyFact(SystemRecord fact, LoggedRecord record) {
    if (fact instanceof RequestModeSet set) {
      Reading reading = new Reading(set.group(), set.topic());
      if (set.pop()) {
        popShares.put(reading, set.popShareQueues());
      } else {
        popShares.remove(reading);
      }
    } else if (fact instanceof SystemRecord.TopicDeleted deleted) {
      popShares.keySet().removeIf(reading -> reading.topic().equals(deleted.topic()));
    } else if (fact instanceof SystemRecord.GroupDeleted deleted) {
      popShares.keySet().removeIf(reading -> reading.group().equals(deleted.group()));
    }
  }

  @Override
  public Object state() {
    return Map.copyOf(popShares);
  }

  @Override
  public void sayFacts(Consumer<SystemRecord> base) {
    popShares.forEach(
        (reading, share) ->
            base.accept(new RequestModeSet(reading.group(), reading.topic(), true, share)));
  }

  @Override
  public void clearFacts() {
    popShares.clear();
  }
}
