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

  /**
   * A client over all its connections. One of another user is another one, whatever it calls
   * itself.
   *
   * @param user who signed its greetings; empty where there are no users
   * @param instance random
   */
  record Client(String user, String instance) {}

  private record Newest(Client client, long epoch, Connection connection) {}

  private final LongConsumer ended;
  private final Map<Client, Newest> byClient = new HashMap<>();
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
   * @param epoch which of the client's connections this is
   * @return why it may not
   */
  Optional<String> greeted(Client client, long epoch, Connection connection) {
    Newest known = byClient.get(client);
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
    Newest newest = new Newest(client, epoch, connection);
    Newest before = byConnection.put(connection.id(), newest);
    if (before != null) {
      byClient.remove(before.client());
    }
    byClient.put(client, newest);
    return Optional.empty();
  }

  /** The connection is gone. What waits of it for the turn comes too late. */
  public void closed(long connectionId) {
    Newest gone = byConnection.remove(connectionId);
    if (gone != null) {
      gone.connection().retire();
      byClient.remove(gone.client());
    }
  }
}
