package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.access.Rights;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ProducerChecksTest {

  private final ClientRegistry clients = new ClientRegistry();
  private final ProducerChecks checks = new ProducerChecks(clients);
  private final ScriptedConnection shop = new ScriptedConnection(1);
  private final ScriptedConnection spy = new ScriptedConnection(2);
  private final Set<String> shopsTopics = new HashSet<>(Set.of("orders"));
  private final Set<String> spysTopics = new HashSet<>(Set.of("own"));

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

  private boolean check(String topic) {
    return checks.send(
        "P",
        Command.request(
            RequestCode.CHECK_TRANSACTION_STATE, Fields.builder().put("topic", topic).build()));
  }

  @Test
  void aCheckGoesOnlyToMembersWhoMaySendToTheTopic() {
    clients.producer("P", "spy", new ProducerClient(spy, sendingTo(spysTopics)));
    assertThat(check("orders")).as("nobody may be asked").isFalse();
    clients.producer("P", "shop", new ProducerClient(shop, sendingTo(shopsTopics)));
    for (int i = 0; i < 4; i++) {
      assertThat(check("orders")).isTrue();
    }

    assertThat(shop.notices()).hasSize(4);
    assertThat(spy.notices()).isEmpty();
  }

  @Test
  void theRulesOfTheMomentOfTheCheckHold() {
    clients.producer("P", "shop", new ProducerClient(shop, sendingTo(shopsTopics)));
    assertThat(check("orders")).isTrue();
    shopsTopics.clear();
    assertThat(check("orders")).isFalse();
    assertThat(shop.notices()).hasSize(1);
  }

  @Test
  void withoutUsersEveryMemberIsAskedInTurn() {
    clients.producer("P", "a", new ProducerClient(shop, Rights.ALL));
    clients.producer("P", "b", new ProducerClient(spy, Rights.ALL));
    for (int i = 0; i < 4; i++) {
      assertThat(check("orders")).isTrue();
    }
    assertThat(shop.notices()).hasSize(2);
    assertThat(spy.notices()).hasSize(2);
  }
}
