package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.access.Rights;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whom of a group the broker asks. */
final class ProducerChecksTest {
  private static final Command CHECK =
      Command.request(
              RequestCode.CHECK_TRANSACTION_STATE, Fields.builder().put("topic", "orders").build())
          .asOneway();

  private final ClientRegistry clients = new ClientRegistry();
  private final ProducerChecks checks = new ProducerChecks(clients);
  private final ScriptedConnection first = new ScriptedConnection(1);
  private final ScriptedConnection second = new ScriptedConnection(2);
  private final ScriptedConnection third = new ScriptedConnection(3);
  private final List<ScriptedConnection> all = List.of(first, second, third);

  private static Rights sendingTo(Set<String> topics) {
    return new Rights() {
      @Override
      public boolean mayProduce(String topic) {
        return topics.contains(topic);
      }

      @Override
      public boolean mayConsume(String topic) {
        return false;
      }

      @Override
      public boolean mayJoin(String group) {
        return false;
      }

      @Override
      public boolean isUnlimited() {
        return false;
      }

      @Override
      public String user() {
        return "user";
      }
    };
  }

  private void join(ScriptedConnection connection, Rights rights) {
    clients.producer("P", "client" + connection.id(), new ProducerClient(connection, rights));
  }

  private void joinAll() {
    all.forEach(connection -> join(connection, Rights.ALL));
  }

  /** Ids of those who were asked, in turn. */
  private List<Long> asked(InetSocketAddress origin, int times) {
    List<Long> asked = new ArrayList<>();
    for (int before = 0; before < times; before++) {
      all.forEach(connection -> connection.notices().clear());
      assertThat(checks.send("P", origin, before, CHECK)).isPositive();
      all.stream()
          .filter(connection -> !connection.notices().isEmpty())
          .forEach(connection -> asked.add(connection.id()));
    }
    return asked;
  }

  private int ask() {
    return checks.send("P", first.remoteAddress(), 0, CHECK);
  }

  private static InetSocketAddress elsewhere() throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, 9}), 40_000);
  }

  @Test
  void whoSentTheHalfMessageIsAskedFirstThenTheOthersInTurn() {
    joinAll();
    assertThat(asked(third.remoteAddress(), 6)).containsExactly(3L, 1L, 2L, 3L, 1L, 2L);
  }

  @Test
  void whereNobodySentItAllAreAskedInTurn() throws UnknownHostException {
    joinAll();
    assertThat(asked(elsewhere(), 4)).containsExactly(1L, 2L, 3L, 1L);
  }

  @Test
  void whoIsClosedOrDoesNotReadIsPassedOver() {
    joinAll();
    third.close();
    first.writable(false);
    assertThat(asked(third.remoteAddress(), 3)).containsExactly(2L, 2L, 2L);
  }

  @Test
  void whereNobodyTakesTheCheckNobodyWasAsked() {
    joinAll();
    all.forEach(connection -> connection.writable(false));
    assertThat(ask()).isZero();
    assertThat(checks.send("nobody", first.remoteAddress(), 0, CHECK)).isZero();
  }

  @Test
  void aCheckGoesOnlyToMembersWhoMaySendToTheTopic() {
    join(first, sendingTo(Set.of("own")));
    assertThat(ask()).as("nobody may be asked").isZero();
    join(second, sendingTo(Set.of("orders")));
    assertThat(asked(first.remoteAddress(), 3)).containsExactly(2L, 2L, 2L);
  }

  @Test
  void theRulesOfTheMomentOfTheCheckHold() {
    Set<String> topics = new HashSet<>(Set.of("orders"));
    join(first, sendingTo(topics));
    assertThat(ask()).isEqualTo(1);
    topics.clear();
    assertThat(ask()).isZero();
    assertThat(first.notices()).hasSize(1);
  }
}
