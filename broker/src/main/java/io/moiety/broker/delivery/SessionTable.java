package io.moiety.broker.delivery;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The sessions that are there, by number and by connection. Confined to the store turn. */
final class SessionTable {
  private final Map<Long, Session> sessions = new HashMap<>();
  private final Map<Long, Set<Session>> byConnection = new HashMap<>();
  private long lastSession;

  Session open(long connectionId) {
    Session session = new Session(++lastSession, connectionId);
    sessions.put(session.id(), session);
    byConnection.computeIfAbsent(connectionId, id -> new LinkedHashSet<>()).add(session);
    return session;
  }

  /** The session, if it is this connection's. */
  Optional<Session> find(long connectionId, long session) {
    return Optional.ofNullable(sessions.get(session))
        .filter(known -> known.connectionId() == connectionId);
  }

  List<Session> of(long connectionId) {
    return List.copyOf(byConnection.getOrDefault(connectionId, Set.of()));
  }

  void remove(Session session) {
    sessions.remove(session.id());
    byConnection.computeIfPresent(
        session.connectionId(),
        (id, ofConnection) -> {
          ofConnection.remove(session);
          return ofConnection.isEmpty() ? null : ofConnection;
        });
  }
}
