package io.moiety.broker.delivery;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which POPs and questions of each connection wait, and that they are not too many. */
final class PopWaits {
  private final Map<Long, Set<Waiting>> byConnection = new HashMap<>();
  private final int maxPerConnection;

  PopWaits(int maxPerConnection) {
    this.maxPerConnection = maxPerConnection;
  }

  /** Why a connection cannot have another one wait. */
  Optional<Refusal> refuse(long connectionId) {
    int waiting = byConnection.getOrDefault(connectionId, Set.of()).size();
    return waiting >= maxPerConnection
        ? Optional.of(
            Refusal.limitReached(
                "The connection has " + waiting + " waiting POP requests, which is the limit"))
        : Optional.empty();
  }

  void begins(long connectionId, Waiting waiting) {
    byConnection.computeIfAbsent(connectionId, id -> new LinkedHashSet<>()).add(waiting);
  }

  void ended(long connectionId, Waiting waiting) {
    byConnection.computeIfPresent(
        connectionId,
        (id, all) -> {
          all.remove(waiting);
          return all.isEmpty() ? null : all;
        });
  }

  List<Waiting> of(long connectionId) {
    return List.copyOf(byConnection.getOrDefault(connectionId, Set.of()));
  }
}
