package io.moiety.broker.server;

import io.moiety.broker.transaction.CheckSender;
import io.moiety.protocol.Command;
import java.lang.System.Logger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends checks to the members of a producer group in turn. A check holds the message, so only a
 * member gets it who may send to its topic, by the rules that hold then. Owner: the store turn.
 */
public final class ProducerChecks implements CheckSender {
  private static final Logger LOG = System.getLogger(ProducerChecks.class.getName());

  /** Groups whose turns are remembered; names are the clients' own, so they are counted. */
  private static final int MAX_GROUPS = 10_000;

  private final ClientRegistry clients;
  private final Map<String, Integer> nextMember = new HashMap<>();
  private final SparseLog withoutRight = new SparseLog(LOG);

  public ProducerChecks(ClientRegistry clients) {
    this.clients = clients;
  }

  @Override
  public boolean send(String producerGroup, Command check) {
    String topic = check.fields().requiredText("topic");
    List<Connection> live = askable(producerGroup, topic);
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

  private List<Connection> askable(String producerGroup, String topic) {
    List<ProducerClient> members =
        clients.producers(producerGroup).values().stream()
            .filter(member -> member.connection().isOpen())
            .toList();
    List<Connection> permitted =
        members.stream()
            .filter(member -> member.rights().mayProduce(topic))
            .map(ProducerClient::connection)
            .toList();
    if (permitted.isEmpty() && !members.isEmpty()) {
      withoutRight.warn(
          () ->
              "Nobody is asked about a half message of topic "
                  + topic
                  + ": of the members of producer group "
                  + producerGroup
                  + " none may send to it");
    }
    return permitted;
  }
}
