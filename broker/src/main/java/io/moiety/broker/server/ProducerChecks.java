package io.moiety.broker.server;

import io.moiety.broker.transaction.CheckSender;
import io.moiety.protocol.Command;
import java.lang.System.Logger;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Sends checks to the members of a producer group: to the connection over which the half message
 * came, then to members on the same host, most likely the same application on a new connection,
 * then to the others as they joined. One that is closed, or has not taken what it was sent before,
 * is passed over. A check holds the message, so only a member gets it who may send to its topic, by
 * the rules that hold then. Owner: the store turn.
 */
public final class ProducerChecks implements CheckSender {
  private static final Logger LOG = System.getLogger(ProducerChecks.class.getName());

  private final ClientRegistry clients;
  private final SparseLog withoutRight = new SparseLog(LOG);

  public ProducerChecks(ClientRegistry clients) {
    this.clients = clients;
  }

  @Override
  public int send(String producerGroup, InetSocketAddress origin, int checksBefore, Command check) {
    String topic = check.fields().requiredText("topic");
    List<Connection> members = new ArrayList<>(askable(producerGroup, topic));
    members.sort(Comparator.comparingInt(member -> distance(member, origin)));
    for (int i = 0; i < members.size(); i++) {
      Connection member = members.get((checksBefore + i) % members.size());
      if (member.notify(check)) {
        return members.size();
      }
    }
    return 0;
  }

  @Override
  public boolean mayReach(String producerGroup) {
    return clients.producers(producerGroup).values().stream()
        .anyMatch(member -> member.connection().isOpen());
  }

  private static int distance(Connection member, InetSocketAddress origin) {
    InetSocketAddress address = member.remoteAddress();
    if (address.equals(origin)) {
      return 0;
    }
    return address.getAddress().equals(origin.getAddress()) ? 1 : 2;
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
