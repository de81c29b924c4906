package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Delay levels: {@link Settings#DELAY_SECONDS}. */
@OnBroker
class DelayIT {

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aLevelIsNeverEarly(int level, Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), queue.getTopic(), inbox.listener());
    sendDelayed(clients, queue, level, "delayed");

    assertDelayed(inbox.take(), Settings.DELAY_SECONDS.get(level - 1));
  }

  @Test
  void aLevelAboveTheHighestIsTheHighest(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), queue.getTopic(), inbox.listener());
    sendDelayed(clients, queue, 99, "delayed");

    MessageExt delayed = inbox.take();
    assertDelayed(delayed, Settings.DELAY_SECONDS.get(Settings.DELAY_SECONDS.size() - 1));
  }

  @Test
  void theShorterDelayComesFirstWhateverTheOrderOfSends(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), queue.getTopic(), inbox.listener());
    sendDelayed(clients, queue, 2, "three seconds");
    sendDelayed(clients, queue, 1, "one second");

    assertThat(inbox.takeBodies(2)).containsExactly("one second", "three seconds");
  }

  @Test
  void messagesOfALevelComeInTheOrderOfTheirSends(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    for (String body : List.of("a", "b", "c", "d")) {
      sendDelayed(clients, queue, 1, body);
    }
    Inbox inbox = new Inbox();
    clients.consumeOrderly(
        clients.pushConsumer(clients.group()), queue.getTopic(), inbox.orderly());

    assertThat(inbox.takeBodies(4)).containsExactly("a", "b", "c", "d");
  }

  @Test
  void theProducerIsToldTheRealQueue(Clients clients) throws Exception {
    MessageQueue queue = clients.queues(clients.topic(4)).get(3);

    assertThat(sendDelayed(clients, queue, 1, "delayed").getMessageQueue()).isEqualTo(queue);
  }

  @Test
  void aDelayedMessageKeepsWhatItWas(Clients clients) throws Exception {
    MessageQueue queue = clients.queues(clients.topic(2)).get(1);
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), queue.getTopic(), inbox.listener());
    Message message = Clients.tagged(queue.getTopic(), "tag", "delayed");
    message.setKeys("key");
    message.putUserProperty("colour", "green");
    message.setDelayTimeLevel(1);
    SendResult result = clients.producer().send(message, queue);

    MessageExt delayed = inbox.take();
    assertThat(delayed.getTopic()).isEqualTo(queue.getTopic());
    assertThat(delayed.getQueueId()).isEqualTo(1);
    assertThat(delayed.getTags()).isEqualTo("tag");
    assertThat(delayed.getKeys()).isEqualTo("key");
    assertThat(delayed.getUserProperty("colour")).isEqualTo("green");
    assertThat(delayed.getMsgId()).isEqualTo(result.getMsgId());
    assertThat(delayed.getReconsumeTimes()).isZero();
  }

  @Test
  void aTagChoosesDelayedMessagesToo(Clients clients) throws Exception {
    String topic = clients.topic(1);
    Inbox inbox = new Inbox();
    clients.consume(clients.pushConsumer(clients.group()), topic, "wanted", inbox.listener());
    for (String tag : List.of("other", "wanted")) {
      Message message = Clients.tagged(topic, tag, tag);
      message.setDelayTimeLevel(1);
      clients.producer().send(message);
    }

    assertThat(inbox.takeBodies(1)).containsExactly("wanted");
  }

  @Test
  void aBatchCannotBeDelayed(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    Message message = Clients.message(queue.getTopic(), "delayed");
    message.setDelayTimeLevel(1);

    assertThatThrownBy(() -> clients.producer().send(List.of(message, message)))
        .isInstanceOf(Exception.class);
    assertThat(clients.send(queue, "next").get(0).getQueueOffset()).isZero();
  }

  @Test
  void aNegativeLevelIsNoDelay(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), queue.getTopic(), inbox.listener());
    Message message = Clients.message(queue.getTopic(), "at once");
    message.putUserProperty("marker", "1");
    message.setDelayTimeLevel(-1);
    clients.producer().send(message, queue);

    assertThat(inbox.takeBodies(1)).containsExactly("at once");
  }

  private static SendResult sendDelayed(Clients clients, MessageQueue queue, int level, String body)
      throws Exception {
    Message message = Clients.message(queue.getTopic(), body);
    message.setDelayTimeLevel(level);
    return clients.producer().send(message, queue);
  }

  private static void assertDelayed(MessageExt message, int seconds) {
    assertThat(message.getStoreTimestamp() - message.getBornTimestamp())
        .isGreaterThanOrEqualTo(seconds * 1_000L);
  }
}
