package io.moiety.broker.server;

import io.moiety.broker.transaction.CheckSender;
import io.moiety.protocol.Command;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sends checks to the members of a producer group in turn. Owner: the store turn. */
public final class ProducerChecks implements CheckSender {

  /** Groups whose turns are remembered; names are the clients' own, so they are counted. */
  private static final int MAX_GROUPS = 10_000;

  private final ClientRegistry clients;
  private final Map<String, Integer> nextMember = new HashMap<>();

  public ProducerChecks(ClientRegistry clients) {
    this.clients = clients;
  }

  @Override
  public boolean send(String producerGroup, Command check) {
    List<Connection> live =
        clients.producers(producerGroup).values().stream().filter(Connection::isOpen).toList();
    if (live.isEmpty()) {
      nextMember.remove(producerGroup);
      return false;
    }
    if (nextMember.size() > MAX_GROUPS) {
      nextMember.clear();
    }
    int turn = nextMember.merge(producerGroup, 1, Integer::sum);
    live.get(Math.floorMod(turn, live.size())).notify(check);
    return true;
  }
}
