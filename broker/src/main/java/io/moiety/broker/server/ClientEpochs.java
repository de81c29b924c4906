package io.moiety.broker.server;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Which connection of a client that connects again after a loss is its newest. What an older one
 * had ends when a newer one greets, even if nothing tells that it is lost; and what is still on its
 * way by the older one is stored no more, so that the client can repeat it.
 *
 * <p>Owner: the store turn.
 */
public final class ClientEpochs {

  private record Newest(String instance, long epoch, Connection connection) {}

  private final LongConsumer ended;
  private final Map<String, Newest> byInstance = new HashMap<>();
  private final Map<Long, Newest> byConnection = new HashMap<>();

  /**
   * Knows nobody yet.
   *
   * @param ended told the id of each connection that a newer one takes the place of; it is told the
   *     same again when that connection closes
   */
  public ClientEpochs(LongConsumer ended) {
    this.ended = ended;
  }

  /**
   * A connection greets, or greets again.
   *
   * @param instance who the client is
   * @param epoch which of its connections this is
   * @return why it may not
   */
  Optional<String> greeted(String instance, long epoch, Connection connection) {
    Newest known = byInstance.get(instance);
    if (known != null && known.connection() != connection) {
      if (known.epoch() >= epoch) {
        return Optional.of(
            "this is connection "
                + epoch
                + " of a client that has its connection "
                + known.epoch()
                + " open; number each attempt to connect higher");
      }
      closed(known.connection().id());
      ended.accept(known.connection().id());
    }
    Newest newest = new Newest(instance, epoch, connection);
    Newest before = byConnection.put(connection.id(), newest);
    if (before != null) {
      byInstance.remove(before.instance());
    }
    byInstance.put(instance, newest);
    return Optional.empty();
  }

  /** The connection is gone. What waits of it for the turn comes too late. */
  public void closed(long connectionId) {
    Newest gone = byConnection.remove(connectionId);
    if (gone != null) {
      gone.connection().retire();
      byInstance.remove(gone.instance());
    }
  }
}
