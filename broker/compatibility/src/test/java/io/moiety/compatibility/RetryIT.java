package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Test;

/** What a consumer did not manage comes again later, and in the end is a dead letter. */
@OnBroker
@SuppressWarnings("deprecation") // RocketMQ deprecates it and keeps it: applications use it.
class RetryIT {

  @Test
  void whatIsToBeConsumedLaterComesAgainWithACount(Clients clients) throws Exception {
    String topic = clients.topic(1);
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), topic, inbox.listener(RetryIT::laterTheFirstTwoTimes));
    clients.send(topic, "again");

    List<MessageExt> comings = inbox.take(3);
    assertThat(Inbox.bodies(comings)).containsOnly("again");
    assertThat(comings).extracting(MessageExt::getReconsumeTimes).containsExactly(0, 1, 2);
  }

  @Test
  void aRetriedMessageKeepsWhatItWasAndNamesWhereItCameFrom(Clients clients) throws Exception {
    String topic = clients.topic(1);
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), topic, inbox.listener(RetryIT::laterTheFirstTime));
    Message message = Clients.tagged(topic, "tag", "again");
    message.setKeys("key");
    message.putUserProperty("colour", "green");
    String offsetMsgId = clients.producer().send(message).getOffsetMsgId();

    List<MessageExt> comings = inbox.take(2);
    MessageExt first = comings.get(0);
    MessageExt again = comings.get(1);
    assertThat(again.getTopic()).isEqualTo(topic);
    assertThat(again.getTags()).isEqualTo("tag");
    assertThat(again.getKeys()).isEqualTo("key");
    assertThat(again.getUserProperty("colour")).isEqualTo("green");
    assertThat(again.getMsgId()).as("the unique id").isEqualTo(first.getMsgId());
    assertThat(again.getBornTimestamp()).isEqualTo(first.getBornTimestamp());
    assertThat(again.getProperty("RETRY_TOPIC")).isEqualTo(topic);
    assertThat(again.getProperty("ORIGIN_MESSAGE_ID")).isEqualTo(offsetMsgId);
  }

  @Test
  void aRetryIsNotEarly(Clients clients) throws Exception {
    String topic = clients.topic(1);
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), topic, inbox.listener(RetryIT::laterTheFirstTime));
    clients.send(topic, "again");

    List<MessageExt> comings = inbox.take(2);
    long apartMillis = comings.get(1).getStoreTimestamp() - comings.get(0).getStoreTimestamp();
    assertThat(apartMillis)
        .as("level 3, the first of retries")
        .isGreaterThanOrEqualTo(Settings.DELAY_SECONDS.get(2) * 1_000L);
  }

  @Test
  void theListenerChoosesTheLevelOfTheRetry(Clients clients) throws Exception {
    String topic = clients.topic(1);
    Inbox inbox = new Inbox();
    MessageListenerConcurrently kept = inbox.listener();
    MessageListenerConcurrently listener =
        (batch, context) -> {
          kept.consumeMessage(batch, context);
          context.setDelayLevelWhenNextConsume(2);
          return laterTheFirstTime(batch.get(0));
        };
    clients.consume(clients.group(), topic, listener);
    clients.send(topic, "again");

    List<MessageExt> comings = inbox.take(2);
    long apartMillis = comings.get(1).getStoreTimestamp() - comings.get(0).getStoreTimestamp();
    assertThat(apartMillis).isGreaterThanOrEqualTo(Settings.DELAY_SECONDS.get(1) * 1_000L);
  }

  @Test
  void aListenerThatThrowsHasItsMessageAgain(Clients clients) throws Exception {
    String topic = clients.topic(1);
    Inbox inbox = new Inbox();
    clients.consume(
        clients.group(),
        topic,
        inbox.listener(
            message -> {
              if (message.getReconsumeTimes() == 0) {
                throw new IllegalStateException("the first time");
              }
              return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
            }));
    clients.send(topic, "again");

    assertThat(inbox.take(2)).extracting(MessageExt::getReconsumeTimes).containsExactly(0, 1);
  }

  @Test
  void onlyTheGroupThatFailedGetsItAgain(Clients clients) throws Exception {
    String topic = clients.topic(1);
    Inbox fails = new Inbox();
    Inbox works = new Inbox();
    clients.consume(clients.group(), topic, fails.listener(RetryIT::laterTheFirstTime));
    clients.consume(clients.group(), topic, works.listener());
    clients.send(topic, "again");

    assertThat(fails.take(2)).extracting(MessageExt::getReconsumeTimes).containsExactly(0, 1);
    assertThat(works.take(1)).extracting(MessageExt::getReconsumeTimes).containsExactly(0);
    assertThat(works.untaken()).isEmpty();
  }

  @Test
  void aMessageBehindAFailedOneIsNotHeldUp(Clients clients) throws Exception {
    String topic = clients.topic(1);
    Inbox inbox = new Inbox();
    clients.consume(
        clients.group(),
        topic,
        inbox.listener(
            message ->
                Inbox.body(message).equals("fails")
                    ? laterTheFirstTime(message)
                    : ConsumeConcurrentlyStatus.CONSUME_SUCCESS));
    clients.send(topic, "fails", "works");

    assertThat(inbox.takeBodies(3)).containsExactlyInAnyOrder("fails", "works", "fails");
  }

  @Test
  void aMessageThatNeverWorksIsADeadLetterAfterItsLastTry(Clients clients) throws Exception {
    String topic = clients.topic(1);
    String group = clients.group();
    Inbox inbox = new Inbox();
    failing(clients, group, topic, inbox, 2);
    Message message = Clients.tagged(topic, "tag", "hopeless");
    message.setKeys("key");
    String msgId = clients.producer().send(message).getMsgId();

    assertThat(inbox.take(3)).extracting(MessageExt::getReconsumeTimes).containsExactly(0, 1, 2);
    MessageExt dead = deadLetter(clients, group);
    assertThat(Inbox.body(dead)).isEqualTo("hopeless");
    assertThat(dead.getTags()).isEqualTo("tag");
    assertThat(dead.getKeys()).isEqualTo("key");
    assertThat(dead.getProperty("UNIQ_KEY")).isEqualTo(msgId);
    assertThat(dead.getProperty("RETRY_TOPIC")).isEqualTo(topic);
    assertThat(inbox.untaken()).as("no further try").isEmpty();
  }

  @Test
  void aMessageThatMayNotBeTriedAgainIsADeadLetterAtOnce(Clients clients) throws Exception {
    String topic = clients.topic(1);
    String group = clients.group();
    Inbox inbox = new Inbox();
    failing(clients, group, topic, inbox, 0);
    clients.send(topic, "hopeless");

    assertThat(inbox.take(1)).extracting(MessageExt::getReconsumeTimes).containsExactly(0);
    assertThat(Inbox.body(deadLetter(clients, group))).isEqualTo("hopeless");
  }

  @Test
  void aConsumerSendsAMessageBackByHand(Clients clients) throws Exception {
    String topic = clients.topic(1);
    Inbox inbox = new Inbox();
    AtomicInteger comings = new AtomicInteger();
    DefaultMQPushConsumer consumer = clients.pushConsumer(clients.group());
    clients.consume(
        consumer,
        topic,
        "*",
        inbox.listener(
            message -> {
              if (comings.incrementAndGet() == 1) {
                sendBack(consumer, message);
              }
              return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
            }));
    clients.send(topic, "sent back");

    assertThat(inbox.take(2)).extracting(MessageExt::getReconsumeTimes).containsExactly(0, 1);
  }

  private static void sendBack(DefaultMQPushConsumer consumer, MessageExt message) {
    try {
      consumer.sendMessageBack(message, 1);
    } catch (Exception e) {
      throw new IllegalStateException("not taken back", e);
    }
  }

  private static ConsumeConcurrentlyStatus laterTheFirstTime(MessageExt message) {
    return message.getReconsumeTimes() == 0
        ? ConsumeConcurrentlyStatus.RECONSUME_LATER
        : ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
  }

  private static ConsumeConcurrentlyStatus laterTheFirstTwoTimes(MessageExt message) {
    return message.getReconsumeTimes() < 2
        ? ConsumeConcurrentlyStatus.RECONSUME_LATER
        : ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
  }

  private static void failing(Clients clients, String group, String topic, Inbox inbox, int retries)
      throws Exception {
    DefaultMQPushConsumer consumer = clients.pushConsumer(group);
    consumer.setMaxReconsumeTimes(retries);
    clients.consume(
        consumer, topic, "*", inbox.listener(message -> ConsumeConcurrentlyStatus.RECONSUME_LATER));
  }

  static MessageExt deadLetter(Clients clients, String group) throws Exception {
    DefaultMQPullConsumer consumer = clients.pullConsumer(clients.group());
    PullResult found =
        await()
            .atMost(Duration.ofSeconds(Inbox.LIMIT_SECONDS))
            .ignoreExceptionsInstanceOf(MQClientException.class)
            .until(
                () -> {
                  MessageQueue queue =
                      consumer.fetchSubscribeMessageQueues("%DLQ%" + group).iterator().next();
                  return consumer.pull(queue, "*", 0, 10);
                },
                result -> result.getPullStatus() == PullStatus.FOUND);
    assertThat(found.getMsgFoundList()).hasSize(1);
    return found.getMsgFoundList().get(0);
  }
}
