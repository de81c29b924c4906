package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.MessageSelector;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.common.message.MessageRequestMode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Push consumers that leave the sharing of queues to the broker, most of them in POP mode. */
@OnBroker
@Tag(ClientVersion.ONLY_5)
class PopIT {

  private static final int ALL_QUEUES = 0;
  private static final int TIMEOUT_MILLIS = 5_000;

  @Test
  void aConsumerThatLeavesTheSharingToTheBrokerPullsWhereNothingElseIsSet(Clients clients)
      throws Exception {
    String topic = clients.topic(4);
    clients.send(topic, "a", "b", "c", "d");
    Inbox inbox = new Inbox();
    clients.consume(shared(clients, clients.group()), topic, "*", inbox.listener());

    assertThat(inbox.takeBodies(4)).containsExactlyInAnyOrder("a", "b", "c", "d");
  }

  @Test
  void aGroupInPopModeGetsWhatWasSentBeforeAndAfterItCame(Clients clients, JudgedBroker broker)
      throws Exception {
    String topic = clients.topic(4);
    String group = popped(clients, broker, topic);
    clients.send(topic, "a", "b", "c", "d");
    Inbox inbox = new Inbox();
    clients.consume(shared(clients, group), topic, "*", inbox.listener());

    assertThat(inbox.takeBodies(4)).containsExactlyInAnyOrder("a", "b", "c", "d");
    clients.send(topic, "e", "f");
    assertThat(inbox.takeBodies(2)).containsExactlyInAnyOrder("e", "f");
  }

  @Test
  void aPoppedMessageCarriesItsHandle(Clients clients, JudgedBroker broker) throws Exception {
    String topic = clients.topic(1);
    String group = popped(clients, broker, topic);
    Inbox inbox = new Inbox();
    clients.consume(shared(clients, group), topic, "*", inbox.listener());
    clients.send(topic, "a");

    MessageExt message = inbox.take();
    assertThat(message.getProperty("POP_CK").split(" ", -1)).hasSize(8);
    assertThat(message.getProperty("1ST_POP_TIME")).isNotBlank();
    assertThat(message.getReconsumeTimes()).isZero();
    assertThat(message.getTopic()).isEqualTo(topic);
  }

  @Test
  void twoMembersPopTogetherAndEachMessageComesOnce(Clients clients, JudgedBroker broker)
      throws Exception {
    String topic = clients.topic(4);
    String group = popped(clients, broker, topic);
    Inbox inbox = new Inbox();
    clients.consume(shared(clients, group), topic, "*", inbox.listener());
    DefaultMQPushConsumer other = clients.apart(new DefaultMQPushConsumer(group));
    other.setClientRebalance(false);
    clients.consume(other, topic, "*", inbox.listener());
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      sent.add("m" + i);
    }
    clients.send(topic, sent.toArray(String[]::new));
    assertThat(inbox.takeBodies(40)).containsExactlyInAnyOrderElementsOf(sent);

    clients.send(topic, "last");
    assertThat(inbox.takeBodies(1)).as("nothing comes twice").containsExactly("last");
  }

  @Test
  void tagsSelectWhatIsPopped(Clients clients, JudgedBroker broker) throws Exception {
    String topic = clients.topic(1);
    String group = popped(clients, broker, topic);
    for (String tag : List.of("A", "B", "C", "A")) {
      clients.producer().send(Clients.tagged(topic, tag, tag));
    }
    Inbox inbox = new Inbox();
    clients.consume(shared(clients, group), topic, "A || C", inbox.listener());

    assertThat(inbox.takeBodies(3)).containsExactlyInAnyOrder("A", "C", "A");
  }

  @Test
  void aSelectorSelectsWhatIsPopped(Clients clients, JudgedBroker broker) throws Exception {
    String topic = clients.topic(1);
    String group = popped(clients, broker, topic);
    for (int size = 1; size <= 4; size++) {
      Message message = Clients.message(topic, "size " + size);
      message.putUserProperty("size", Integer.toString(size));
      clients.producer().send(message);
    }
    Inbox inbox = new Inbox();
    DefaultMQPushConsumer consumer = shared(clients, group);
    consumer.subscribe(topic, MessageSelector.bySql("size > 2"));
    consumer.registerMessageListener(inbox.listener());
    clients.started(consumer);

    assertThat(inbox.takeBodies(2)).containsExactlyInAnyOrder("size 3", "size 4");
  }

  @Test
  void aMessageThatFailedComesAgainAndTellsSo(Clients clients, JudgedBroker broker)
      throws Exception {
    String topic = clients.topic(1);
    String group = popped(clients, broker, topic);
    clients.send(topic, "poison");
    AtomicInteger tries = new AtomicInteger();
    Inbox inbox = new Inbox();
    clients.consume(
        shared(clients, group),
        topic,
        "*",
        inbox.listener(
            message ->
                tries.incrementAndGet() == 1
                    ? ConsumeConcurrentlyStatus.RECONSUME_LATER
                    : ConsumeConcurrentlyStatus.CONSUME_SUCCESS));

    MessageExt first = inbox.take();
    MessageExt again = inbox.take();
    assertThat(Inbox.body(again)).isEqualTo("poison");
    assertThat(again.getReconsumeTimes()).isEqualTo(1);
    assertThat(again.getMsgId()).isEqualTo(first.getMsgId());
    assertThat(again.getTopic()).isEqualTo(topic);
  }

  @Test
  void aGroupChangesFromPullToPopAndBackWhileItsMemberStays(Clients clients, JudgedBroker broker)
      throws Exception {
    String topic = clients.topic(2);
    String group = clients.group();
    Inbox inbox = new Inbox();
    clients.consume(shared(clients, group), topic, "*", inbox.listener());
    clients.send(topic, "pulled");
    assertThat(inbox.takeBodies(1)).containsExactly("pulled");
    mode(clients, broker, topic, group, "POP");
    awaitArrival(clients, inbox, topic, message -> message.getProperty("POP_CK") != null);
    mode(clients, broker, topic, group, "PULL");
    awaitArrival(clients, inbox, topic, message -> message.getProperty("POP_CK") == null);
  }

  @Test
  void poppingGoesOnAfterACrashOfTheBroker(Clients unused) throws Exception {
    try (JudgedBroker broker = JudgedBroker.start(Map.of("flushDiskType", "SYNC_FLUSH"));
        Clients clients = new Clients(broker, "crash")) {
      String topic = clients.topic(1);
      String group = popped(clients, broker, topic);
      Inbox inbox = new Inbox();
      clients.consume(shared(clients, group), topic, "*", inbox.listener());
      clients.send(topic, "before");
      assertThat(inbox.takeBodies(1)).containsExactly("before");

      broker.kill();
      broker.startAgain();

      awaitArrival(clients, inbox, topic, message -> message.getProperty("POP_CK") != null);
    }
  }

  @Test
  @SuppressWarnings(
      "deprecation") // The old pull consumer tells the broker's refusal to its caller.
  void pullsBesideThePopsOfAGroupAreRefused(Clients clients, JudgedBroker broker) throws Exception {
    Judged.differsOnTheOriginal("it lets both go on, each moving the other's offset");
    MessageQueue queue = clients.queue();
    String group = popped(clients, broker, queue.getTopic());
    Inbox inbox = new Inbox();
    clients.consume(shared(clients, group), queue.getTopic(), "*", inbox.listener());
    clients.send(queue, "a");
    inbox.take();
    DefaultMQPullConsumer puller = clients.apart(new DefaultMQPullConsumer(group));
    puller.start();
    clients.atEnd(puller::shutdown);

    BrokerAnswer.assertCode(604, () -> puller.pull(queue, "*", 0, 32));
  }

  /** Sends until one of the messages that arrive is as expected: clients change a little later. */
  private static void awaitArrival(
      Clients clients, Inbox inbox, String topic, Predicate<MessageExt> expected) {
    await()
        .atMost(Duration.ofSeconds(Inbox.LIMIT_SECONDS))
        .pollInterval(Duration.ofMillis(500))
        .ignoreExceptions()
        .until(
            () -> {
              clients.send(topic, "ping");
              return inbox.untaken().stream().anyMatch(expected);
            });
  }

  /** A group that pops the topic. */
  private static String popped(Clients clients, JudgedBroker broker, String topic)
      throws Exception {
    String group = clients.group();
    mode(clients, broker, topic, group, "POP");
    return group;
  }

  /** The mode is a text since the client 4.9.8, which looks at the methods, has no class for it. */
  private static void mode(
      Clients clients, JudgedBroker broker, String topic, String group, String mode)
      throws Exception {
    clients
        .admin()
        .setMessageRequestMode(
            broker.brokerAddress(),
            topic,
            group,
            MessageRequestMode.valueOf(mode),
            ALL_QUEUES,
            TIMEOUT_MILLIS);
  }

  /** The broker shares out its queues. */
  private static DefaultMQPushConsumer shared(Clients clients, String group) {
    DefaultMQPushConsumer consumer = clients.pushConsumer(group);
    consumer.setClientRebalance(false);
    return consumer;
  }
}
