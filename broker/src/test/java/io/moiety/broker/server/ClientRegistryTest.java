package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.access.Rights;
import io.moiety.broker.filter.MessageFilter;
import io.moiety.protocol.body.HeartbeatBody.ConsumeFrom;
import io.moiety.protocol.body.HeartbeatBody.ConsumeType;
import io.moiety.protocol.body.HeartbeatBody.MessageModel;
import io.moiety.protocol.body.SubscriptionBody;
import java.util.Map;
import java.util.Optional;
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
    registry.producer("P", "a", new ProducerClient(first, Rights.ALL));

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
    registry.producer("P", "a", new ProducerClient(first, Rights.ALL));

    assertThat(registry.closed(first)).containsExactly("G1", "G2");

    assertThat(registry.consumerIds("G1")).isEmpty();
    assertThat(registry.consumerIds("G2")).containsExactly("b");
    assertThat(registry.producers("P")).isEmpty();
    assertThat(registry.closed(first)).isEmpty();
  }

  @Test
  void clientThatCameBackOutlivesItsOldConnection() {
    registry.consumer("G", client("a", first, "*"));
    registry.producer("P", "a", new ProducerClient(first, Rights.ALL));
    registry.consumer("G", client("a", second, "*"));
    registry.producer("P", "a", new ProducerClient(second, Rights.ALL));

    assertThat(registry.closed(first)).isEmpty();

    assertThat(registry.consumerIds("G")).containsExactly("a");
    assertThat(registry.producers("P"))
        .containsExactly(Map.entry("a", new ProducerClient(second, Rights.ALL)));
  }

  @Test
  void clientIdIsWhoseConnectionWasHeardOfLastAndOfOneUserAtATime() {
    registry.producer("P", "a", new ProducerClient(first, Rights.ALL));
    registry.named("a", first, "shop");
    assertThat(registry.refuseName("a", "spy").orElseThrow()).contains("of another user");
    assertThat(registry.refuseName("a", "shop")).isEmpty();
    registry.producer("P", "a", new ProducerClient(second, Rights.ALL));
    registry.named("a", second, "shop");
    assertThat(registry.client("a")).containsSame(second);

    registry.closed(first);
    assertThat(registry.client("a")).containsSame(second);
    registry.closed(second);
    assertThat(registry.client("a")).isEmpty();
    assertThat(registry.refuseName("a", "spy")).isEmpty();
  }

  @Test
  void producerGroupsCountForTheBudgetToo() {
    ClientRegistry small = new ClientRegistry(new HeartbeatBudget(100_000));
    String name = "n".repeat(255);
    int joined = 0;
    Optional<String> refusal = Optional.empty();
    while (refusal.isEmpty() && joined < 1_000) {
      String group = name.substring(4) + joined++;
      refusal = small.refuseProducer(group, "a", first);
      small.producer(group, "a", new ProducerClient(first, Rights.ALL));
    }

    assertThat(refusal.orElseThrow()).contains("of all clients would take");
    assertThat(joined).isBetween(50, 200);
    assertThat(small.refuseProducer(name.substring(4) + 0, "a", first))
        .as("it is in this one")
        .isEmpty();
    small.closed(first);
    assertThat(small.refuseProducer("P", "a", second)).isEmpty();
    assertThat(small.producerGroups()).isEmpty();
  }

  @Test
  void subscriptionIsFoundByTheConnectionThatPulls() {
    registry.consumer("G", client("a", first, "A"));
    registry.consumer("G", client("b", second, "B"));

    assertThat(registry.consumer("G", second).orElseThrow().clientId()).isEqualTo("b");
    assertThat(registry.consumer("other", second)).isEmpty();
  }
}
