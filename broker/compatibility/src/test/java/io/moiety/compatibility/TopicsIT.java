package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Test;

/** Topics: made by the first send or an administrator, their routes and permissions, their end. */
@OnBroker
@SuppressWarnings("deprecation") // RocketMQ deprecates it and keeps it: applications use it.
class TopicsIT {

  @Test
  void theFirstSendMakesTheTopicWithFourQueues(Clients clients) throws Exception {
    String topic = clients.topic();
    clients.send(topic, "first");

    assertQueues(clients, topic, 4);
  }

  @Test
  void theProducerSaysHowManyQueuesItsTopicGets(Clients clients) throws Exception {
    String topic = clients.topic();
    DefaultMQProducer producer = clients.configured(new DefaultMQProducer(clients.group()));
    producer.setDefaultTopicQueueNums(2);
    clients.started(producer).send(Clients.message(topic, "first"));

    assertQueues(clients, topic, 2);
  }

  @Test
  void aTopicMadeByASendHasNoMoreThanTheBrokersEightQueues(Clients clients) throws Exception {
    String topic = clients.topic();
    DefaultMQProducer producer = clients.configured(new DefaultMQProducer(clients.group()));
    producer.setDefaultTopicQueueNums(16);
    clients.started(producer).send(Clients.message(topic, "first"));

    assertQueues(clients, topic, 8);
  }

  @Test
  void aTopicMadeByASendCanBeConsumed(Clients clients) throws Exception {
    String topic = clients.topic();
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), topic, inbox.listener());
    clients.send(topic, "first", "second");

    assertThat(inbox.takeBodies(2)).containsExactlyInAnyOrder("first", "second");
  }

  @Test
  void anAdministratorAddsQueuesThatTheProducerThenUses(Clients clients) throws Exception {
    String topic = clients.topic(1);
    SendResult before = clients.send(topic, "before").get(0);
    clients.createTopic(topic, 3, 6);

    assertThat(before.getMessageQueue().getQueueId()).isZero();
    MessageQueue added = clients.queues(topic).get(2);
    assertThat(clients.send(added, "after").get(0).getQueueOffset()).isZero();
  }

  @Test
  void aReadOnlyTopicGivesItsMessagesAndHasNoQueueForAProducer(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "before");
    clients.createTopic(queue.getTopic(), 1, 4);
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), queue.getTopic(), inbox.listener());

    assertThat(inbox.takeBodies(1)).containsExactly("before");
    await()
        .atMost(Duration.ofSeconds(Inbox.LIMIT_SECONDS))
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> clients.send(queue.getTopic(), "after"))
                    .isInstanceOf(Exception.class));
  }

  @Test
  void aSendToAQueueOfAReadOnlyTopicIsNotPermitted(Clients clients) throws Exception {
    Judged.differsOnTheOriginal("5.5.0 looks at a topic's permission in routes only");
    MessageQueue queue = clients.queue();
    clients.createTopic(queue.getTopic(), 1, 4);

    BrokerAnswer.assertCode(
        16, () -> clients.producer().send(Clients.message(queue.getTopic(), "after"), queue));
  }

  @Test
  void aPullFromAWriteOnlyTopicIsNotPermitted(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "written");
    clients.createTopic(queue.getTopic(), 1, 2);
    DefaultMQPullConsumer consumer = clients.pullConsumer(clients.group());

    BrokerAnswer.assertCode(16, () -> consumer.pull(queue, "*", 0, 1));
  }

  @Test
  void aPullFromAnUnknownTopicIsAnsweredThatThereIsNone(Clients clients) throws Exception {
    MessageQueue known = clients.queue();
    MessageQueue unknown = new MessageQueue(clients.topic(), known.getBrokerName(), 0);
    DefaultMQPullConsumer consumer = clients.pullConsumer(clients.group());
    consumer.pull(known, "*", 0, 1); // So that it knows where the broker is.

    BrokerAnswer.assertCode(17, () -> consumer.pull(unknown, "*", 0, 1));
  }

  @Test
  void aTopicThatWasDeletedIsNoMoreAndBeginsEmptyWhenMadeAgain(Clients clients, JudgedBroker broker)
      throws Exception {
    MessageQueue queue = clients.queue();
    String topic = queue.getTopic();
    clients.send(queue, "lost", "lost");
    DefaultMQPullConsumer consumer = clients.pullConsumer(clients.group());
    consumer.pull(clients.queue(), "*", 0, 1); // So that it knows where the broker is.
    clients.admin().deleteTopicInBroker(Set.of(broker.brokerAddress()), topic);
    BrokerAnswer.assertCode(17, () -> consumer.pull(queue, "*", 0, 1));
    await() // The original's broker may be about to register once more with the topic.
        .atMost(Duration.ofSeconds(Inbox.LIMIT_SECONDS))
        .untilAsserted(
            () -> {
              ClientVersion.deleteTopicInNameServer(
                  clients.admin(), broker.nameServerAddress(), "DefaultCluster", topic);
              assertThatThrownBy(() -> clients.producer().fetchPublishMessageQueues(topic))
                  .isInstanceOf(MQClientException.class);
            });
    clients.createTopic(topic, 1, 6);
    assertThat(clients.send(queue, "new").get(0).getQueueOffset()).isZero();
    assertThat(consumer.pull(queue, "*", 0, 10).getMsgFoundList())
        .extracting(Inbox::body)
        .containsExactly("new");
  }

  private static void assertQueues(Clients clients, String topic, int queues) {
    await()
        .atMost(Duration.ofSeconds(Inbox.LIMIT_SECONDS))
        .ignoreExceptionsInstanceOf(MQClientException.class)
        .untilAsserted(() -> assertThat(clients.queues(topic)).hasSize(queues));
  }
}
