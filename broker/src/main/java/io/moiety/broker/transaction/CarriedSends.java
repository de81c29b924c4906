package io.moiety.broker.transaction;

import io.moiety.broker.store.SystemRecord.BranchSend;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where half messages of branches lie that were carried forward since their branch was prepared;
 * prepares and decisions name the places where they were then.
 *
 * <p>Confined to the store turn.
 */
final class CarriedSends {
  private final Map<Long, Map<Integer, BranchSend>> byIncarnation = new HashMap<>();

  void carried(long incarnation, BranchSend send) {
    byIncarnation.computeIfAbsent(incarnation, id -> new HashMap<>()).put(send.sequence(), send);
  }

  /** The sends of a branch with the places where they are now. */
  List<BranchSend> located(long incarnation, List<BranchSend> sends) {
    Map<Integer, BranchSend> carried = byIncarnation.get(incarnation);
    return carried == null
        ? sends
        : sends.stream().map(send -> carried.getOrDefault(send.sequence(), send)).toList();
  }

  /** Nobody asks for the branch's half messages any more. */
  void forget(long incarnation) {
    byIncarnation.remove(incarnation);
  }

  void clear() {
    byIncarnation.clear();
  }
}
