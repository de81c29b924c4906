package io.moiety.broker.server;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/**
 * Tells the store turn, once, that a connection is gone on which something may depend: sessions,
 * branches, waiting requests. Thread-safe.
 */
public final class LostConnections {
  private final InTurn inTurn;
  private final LongConsumer lost;
  private final Set<Long> watched = ConcurrentHashMap.newKeySet();

  /**
   * Watches nothing yet.
   *
   * @param lost told the id of each lost connection, in the turn
   */
  public LostConnections(InTurn inTurn, LongConsumer lost) {
    this.inTurn = inTurn;
    this.lost = lost;
  }

  /** From now on the loss of the connection is told; again for the same one changes nothing. */
  void watch(Connection connection) {
    if (watched.add(connection.id())) {
      connection.onClose(() -> closed(connection.id()));
    }
  }

  /**
   * Runs what makes something depend on a watched connection; in the turn. Not when it is closed:
   * its loss may have been told already, since the turn takes such news before waiting requests.
   */
  void ifOpen(Connection connection, Runnable work) {
    if (connection.isOpen()) {
      work.run();
    }
  }

  private void closed(long connectionId) {
    watched.remove(connectionId);
    inTurn.post(() -> lost.accept(connectionId));
  }
}
