package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Test;

/** Messages looked up by key, by either id, by time. */
@OnBroker
class QueryIT {

  @Test
  void aKeyFindsItsMessages(Clients clients) throws Exception {
    String topic = clients.topic(2);
    keyed(clients, topic, "one", "k");
    keyed(clients, topic, "other", "x");
    keyed(clients, topic, "two", "k");

    assertThat(found(clients, topic, "k", 2)).containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void eachOfSeveralKeysFindsTheMessage(Clients clients) throws Exception {
    String topic = clients.topic(1);
    keyed(clients, topic, "both", "k1 k2");

    assertThat(found(clients, topic, "k1", 1)).containsExactly("both");
    assertThat(found(clients, topic, "k2", 1)).containsExactly("both");
  }

  @Test
  void aKeyOfAnotherTopicFindsNothing(Clients clients) throws Exception {
    String topic = clients.topic(1);
    String other = clients.topic(1);
    keyed(clients, other, "of the other", "k");
    keyed(clients, topic, "of this", "k");

    assertThat(found(clients, topic, "k", 1)).containsExactly("of this");
  }

  @Test
  void noMoreMessagesAreFoundThanWereAskedFor(Clients clients) throws Exception {
    String topic = clients.topic(1);
    for (int i = 0; i < 5; i++) {
      keyed(clients, topic, "m" + i, "k");
    }
    found(clients, topic, "k", 5);

    assertThat(query(clients, topic, "k", 3, 0, Long.MAX_VALUE)).hasSize(3);
  }

  @Test
  void onlyTheTimeThatIsAskedForIsSearched(Clients clients) throws Exception {
    String topic = clients.topic(1);
    keyed(clients, topic, "now", "k");
    found(clients, topic, "k", 1);
    long now = System.currentTimeMillis();

    assertThat(query(clients, topic, "k", 10, now - 60_000, now + 60_000)).containsExactly("now");
    assertThatThrownBy(() -> query(clients, topic, "k", 10, now - 7_200_000, now - 3_600_000))
        .isInstanceOf(MQClientException.class);
  }

  @Test
  void aKeyThatNoMessageHasFindsNothing(Clients clients) throws Exception {
    String topic = clients.topic(1);
    keyed(clients, topic, "one", "k");

    assertThatThrownBy(() -> query(clients, topic, "unknown", 10, 0, Long.MAX_VALUE))
        .isInstanceOf(MQClientException.class);
  }

  @Test
  void theClientsOwnIdFindsTheMessage(Clients clients) throws Exception {
    String topic = clients.topic(1);
    SendResult result = clients.send(topic, "one").get(0);
    clients.send(topic, "two");

    MessageExt found =
        await()
            .atMost(Duration.ofSeconds(Inbox.LIMIT_SECONDS))
            .ignoreExceptions()
            .until(() -> clients.admin().viewMessage(topic, result.getMsgId()), m -> m != null);
    assertThat(Inbox.body(found)).isEqualTo("one");
  }

  @Test
  void theStoresIdFindsTheMessage(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    List<SendResult> results = clients.send(queue, "one", "two");

    MessageExt found =
        clients.admin().viewMessage(queue.getTopic(), results.get(1).getOffsetMsgId());
    assertThat(Inbox.body(found)).isEqualTo("two");
    assertThat(found.getTopic()).isEqualTo(queue.getTopic());
    assertThat(found.getQueueOffset()).isEqualTo(1);
  }

  @Test
  void membersOfABatchAreFoundByTheirKeys(Clients clients) throws Exception {
    String topic = clients.topic(1);
    Message one = Clients.message(topic, "one");
    one.setKeys("first");
    Message two = Clients.message(topic, "two");
    two.setKeys("second");
    clients.producer().send(List.of(one, two));

    assertThat(found(clients, topic, "second", 1)).containsExactly("two");
  }

  private static void keyed(Clients clients, String topic, String body, String keys)
      throws Exception {
    Message message = Clients.message(topic, body);
    message.setKeys(keys);
    clients.producer().send(message);
  }

  /** Bodies of so many messages, once they are found: the original's index comes a moment later. */
  private static List<String> found(Clients clients, String topic, String key, int count) {
    return await()
        .atMost(Duration.ofSeconds(Inbox.LIMIT_SECONDS))
        .ignoreExceptionsInstanceOf(MQClientException.class)
        .until(() -> query(clients, topic, key, 32, 0, Long.MAX_VALUE), all -> all.size() >= count);
  }

  private static List<String> query(
      Clients clients, String topic, String key, int most, long beginMillis, long endMillis)
      throws Exception {
    return Inbox.bodies(
        clients.admin().queryMessage(topic, key, most, beginMillis, endMillis).getMessageList());
  }
}
