package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.filter.MessageFilter;
import io.moiety.protocol.body.HeartbeatBody.ConsumeFrom;
import io.moiety.protocol.body.HeartbeatBody.ConsumeType;
import io.moiety.protocol.body.HeartbeatBody.MessageModel;
import io.moiety.protocol.body.SubscriptionBody;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ClientRegistryTest {

  private final ClientRegistry registry = new ClientRegistry();
  private final Connection first = new ScriptedConnection(1);
  private final Connection second = new ScriptedConnection(2);

  private static ConsumerClient client(String id, Connection connection, String expression) {
    SubscriptionBody asked =
        new SubscriptionBody("T", expression, Set.of(), Set.of(), 1, SubscriptionBody.TAG, false);
    return new ConsumerClient(
        id,
        connection,
        new ConsumptionMode(
            ConsumeType.CONSUME_PASSIVELY,
            MessageModel.CLUSTERING,
            ConsumeFrom.CONSUME_FROM_FIRST_OFFSET),
        Map.of("T", new Subscription(asked, MessageFilter.ALL)));
  }

  @Test
  void groupChangesWhenAMemberJoinsChangesItsSubscriptionOrLeaves() {
    assertThat(registry.consumer("G", client("b", first, "*"))).isTrue();
    assertThat(registry.consumer("G", client("b", first, "*"))).isFalse();
    assertThat(registry.consumer("G", client("b", first, "A"))).isTrue();
    assertThat(registry.consumer("G", client("a", second, "*"))).isTrue();
    assertThat(registry.consumerIds("G")).containsExactly("a", "b");

    assertThat(registry.consumerLeft("G", "b", first)).isTrue();
    assertThat(registry.consumerLeft("G", "b", first)).isFalse();
    assertThat(registry.consumerIds("G")).containsExactly("a");
  }

  @Test
  void clientLeavesOnlyByItsOwnConnection() {
    registry.consumer("G", client("a", first, "*"));
    registry.producer("P", "a", first);

    assertThat(registry.consumerLeft("G", "a", second)).isFalse();
    registry.producerLeft("P", "a", second);
    assertThat(registry.consumerIds("G")).containsExactly("a");
    assertThat(registry.producers("P")).containsOnlyKeys("a");

    assertThat(registry.consumerLeft("G", "a", first)).isTrue();
    registry.producerLeft("P", "a", first);
    assertThat(registry.consumerIds("G")).isEmpty();
    assertThat(registry.producers("P")).isEmpty();
  }

  @Test
  void closedConnectionLeavesAllItsGroups() {
    registry.consumer("G1", client("a", first, "*"));
    registry.consumer("G2", client("a", first, "*"));
    registry.consumer("G2", client("b", second, "*"));
    registry.producer("P", "a", first);

    assertThat(registry.closed(first)).containsExactly("G1", "G2");

    assertThat(registry.consumerIds("G1")).isEmpty();
    assertThat(registry.consumerIds("G2")).containsExactly("b");
    assertThat(registry.producers("P")).isEmpty();
    assertThat(registry.closed(first)).isEmpty();
  }

  @Test
  void clientThatCameBackOutlivesItsOldConnection() {
    registry.consumer("G", client("a", first, "*"));
    registry.producer("P", "a", first);
    registry.consumer("G", client("a", second, "*"));
    registry.producer("P", "a", second);

    assertThat(registry.closed(first)).isEmpty();

    assertThat(registry.consumerIds("G")).containsExactly("a");
    assertThat(registry.producers("P")).containsExactly(Map.entry("a", second));
  }

  @Test
  void subscriptionIsFoundByTheConnectionThatPulls() {
    registry.consumer("G", client("a", first, "A"));
    registry.consumer("G", client("b", second, "B"));

    assertThat(registry.consumer("G", second).orElseThrow().clientId()).isEqualTo("b");
    assertThat(registry.consumer("other", second)).isEmpty();
  }
}
