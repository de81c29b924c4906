package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.common.message.MessageExt;
import org.junit.jupiter.api.Test;

/** Push consumers: groups, members, broadcasting, and that an idle one is woken at once. */
@OnBroker
@SuppressWarnings("deprecation") // RocketMQ deprecates it and keeps it: applications use it.
class PushIT {

  @Test
  void eachGroupGetsEachMessageOnce(Clients clients) throws Exception {
    String topic = clients.topic(4);
    Inbox one = new Inbox();
    Inbox two = new Inbox();
    clients.consume(clients.group(), topic, one.listener());
    clients.consume(clients.group(), topic, two.listener());
    String[] bodies = bodies(40);
    clients.send(topic, bodies);

    assertThat(one.takeBodies(40)).containsExactlyInAnyOrder(bodies);
    assertThat(two.takeBodies(40)).containsExactlyInAnyOrder(bodies);
    assertThat(one.untaken()).isEmpty();
    assertThat(two.untaken()).isEmpty();
  }

  @Test
  void twoMembersShareTheQueues(Clients clients) throws Exception {
    String topic = clients.topic(4);
    String group = clients.group();
    Inbox one = new Inbox();
    Inbox two = new Inbox();
    DefaultMQPushConsumer first = clients.apart(clients.pushConsumer(group));
    DefaultMQPushConsumer second = clients.apart(clients.pushConsumer(group));
    clients.consume(first, topic, "*", one.listener());
    clients.consume(second, topic, "*", two.listener());
    awaitAssigned(first, topic, 2);
    awaitAssigned(second, topic, 2);
    clients.send(topic, bodies(8));

    List<String> all = new ArrayList<>(one.takeBodies(4));
    all.addAll(two.takeBodies(4));
    assertThat(all).containsExactlyInAnyOrder(bodies(8));
  }

  @Test
  void aMembersQueuesGoToTheOthersWhenItLeaves(Clients clients) throws Exception {
    String topic = clients.topic(4);
    String group = clients.group();
    Inbox stays = new Inbox();
    DefaultMQPushConsumer staying = clients.apart(clients.pushConsumer(group));
    clients.consume(staying, topic, "*", stays.listener());
    DefaultMQPushConsumer leaving = clients.apart(clients.pushConsumer(group));
    clients.consume(leaving, topic, "*", new Inbox().listener());
    awaitAssigned(staying, topic, 2);
    leaving.shutdown();
    awaitAssigned(staying, topic, 4);
    clients.send(topic, bodies(8));

    assertThat(stays.takeBodies(8)).containsExactlyInAnyOrder(bodies(8));
  }

  @Test
  void moreMembersThanQueuesLeaveSomeWithout(Clients clients) throws Exception {
    String topic = clients.topic(1);
    String group = clients.group();
    DefaultMQPushConsumer first = clients.apart(clients.pushConsumer(group));
    DefaultMQPushConsumer second = clients.apart(clients.pushConsumer(group));
    Inbox inbox = new Inbox();
    clients.consume(first, topic, "*", inbox.listener());
    clients.consume(second, topic, "*", inbox.listener());
    await()
        .atMost(Duration.ofSeconds(Inbox.LIMIT_SECONDS))
        .until(() -> assigned(first, topic) + assigned(second, topic) == 1);
    clients.send(topic, bodies(5));

    assertThat(inbox.takeBodies(5)).containsExactlyInAnyOrder(bodies(5));
  }

  @Test
  void eachMemberOfABroadcastGetsEachMessage(Clients clients) throws Exception {
    String topic = clients.topic(2);
    String group = clients.group();
    Inbox one = new Inbox();
    Inbox two = new Inbox();
    for (Inbox inbox : List.of(one, two)) {
      DefaultMQPushConsumer member = clients.apart(clients.pushConsumer(group));
      ClientVersion.setBroadcasting(member);
      clients.consume(member, topic, "*", inbox.listener());
      awaitAssigned(member, topic, 2);
    }
    clients.send(topic, bodies(6));

    assertThat(one.takeBodies(6)).containsExactlyInAnyOrder(bodies(6));
    assertThat(two.takeBodies(6)).containsExactlyInAnyOrder(bodies(6));
  }

  @Test
  void aMessageThatABroadcastFailsToConsumeIsDroppedForThatMember(Clients clients)
      throws Exception {
    String topic = clients.topic(1);
    DefaultMQPushConsumer member = clients.pushConsumer(clients.group());
    ClientVersion.setBroadcasting(member);
    Inbox inbox = new Inbox();
    clients.consume(
        member, topic, "*", inbox.listener(m -> ConsumeConcurrentlyStatus.RECONSUME_LATER));
    clients.send(topic, "fails", "next");

    assertThat(inbox.takeBodies(2)).containsExactlyInAnyOrder("fails", "next");
    clients.send(topic, "later");
    assertThat(inbox.takeBodies(1)).containsExactly("later");
  }

  @Test
  void anIdleConsumerIsGivenAMessageAtOnce(Clients clients) throws Exception {
    String topic = clients.topic(1);
    DefaultMQPushConsumer consumer = clients.pushConsumer(clients.group());
    Inbox inbox = new Inbox();
    clients.consume(consumer, topic, "*", inbox.listener());
    clients.send(topic, "first");
    inbox.take(); // From now on it waits at the broker, for 15 s unless it is woken.
    long sentNanos = System.nanoTime();
    clients.send(topic, "wakes it");
    inbox.take();

    assertThat(Duration.ofNanos(System.nanoTime() - sentNanos)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void anIdleConsumerOfATagIsWokenByThatTagOnly(Clients clients) throws Exception {
    String topic = clients.topic(1);
    Inbox inbox = new Inbox();
    clients.consume(clients.pushConsumer(clients.group()), topic, "wanted", inbox.listener());
    clients.producer().send(Clients.tagged(topic, "wanted", "first"));
    inbox.take();
    clients.producer().send(Clients.tagged(topic, "other", "not for it"));
    clients.producer().send(Clients.tagged(topic, "wanted", "for it"));

    assertThat(inbox.takeBodies(1)).containsExactly("for it");
  }

  @Test
  void aBacklogOfManyQueuesIsConsumedOnce(Clients clients) throws Exception {
    String topic = clients.topic(16);
    clients.send(topic, bodies(200));
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), topic, inbox.listener());

    assertThat(inbox.takeBodies(200)).containsExactlyInAnyOrder(bodies(200));
    assertThat(inbox.untaken()).isEmpty();
  }

  @Test
  void theListenerIsGivenSeveralMessagesWhenItTakesThem(Clients clients) throws Exception {
    String topic = clients.topic(1);
    clients.send(topic, bodies(20));
    DefaultMQPushConsumer consumer = clients.pushConsumer(clients.group());
    consumer.setConsumeMessageBatchMaxSize(10);
    BlockingQueue<Integer> sizes = new LinkedBlockingQueue<>();
    MessageListenerConcurrently listener =
        (batch, context) -> {
          sizes.add(batch.size());
          return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
        };
    clients.consume(consumer, topic, "*", listener);

    assertThat(sizes.poll(Inbox.LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(10);
    assertThat(sizes.poll(Inbox.LIMIT_SECONDS, TimeUnit.SECONDS)).isEqualTo(10);
  }

  @Test
  void aBacklogOfLargeMessagesIsConsumedWhole(Clients clients) throws Exception {
    String topic = clients.topic(1);
    String large = "x".repeat(1_000_000);
    DefaultMQPushConsumer consumer = clients.pushConsumer(clients.group());
    for (int i = 0; i < 8; i++) {
      clients.send(topic, i + large);
    }
    Inbox inbox = new Inbox();
    clients.consume(consumer, topic, "*", inbox.listener());

    assertThat(inbox.takeBodies(8))
        .extracting(body -> body.substring(0, 1))
        .containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5", "6", "7");
  }

  @Test
  void aConsumerOfTwoTopicsGetsBoth(Clients clients) throws Exception {
    String one = clients.topic(1);
    String two = clients.topic(1);
    DefaultMQPushConsumer consumer = clients.pushConsumer(clients.group());
    consumer.subscribe(one, "*");
    Inbox inbox = new Inbox();
    clients.consume(consumer, two, "*", inbox.listener());
    clients.send(one, "of one");
    clients.send(two, "of two");

    assertThat(inbox.takeBodies(2)).containsExactlyInAnyOrder("of one", "of two");
  }

  @Test
  void aSubscriptionAddedLaterIsServed(Clients clients) throws Exception {
    String one = clients.topic(1);
    String two = clients.topic(1);
    Inbox inbox = new Inbox();
    DefaultMQPushConsumer consumer = clients.consume(clients.group(), one, inbox.listener());
    clients.send(one, "of one");
    assertThat(inbox.takeBodies(1)).containsExactly("of one");
    consumer.subscribe(two, "*");
    clients.send(two, "of two");

    assertThat(inbox.takeBodies(1)).containsExactly("of two");
  }

  @Test
  void aMemberThatComesLaterIsNoticedByTheOthers(Clients clients) throws Exception {
    String topic = clients.topic(2);
    String group = clients.group();
    DefaultMQPushConsumer first = clients.apart(clients.pushConsumer(group));
    clients.consume(first, topic, "*", new Inbox().listener());
    awaitAssigned(first, topic, 2);
    DefaultMQPushConsumer second = clients.apart(clients.pushConsumer(group));
    clients.consume(second, topic, "*", new Inbox().listener());

    awaitAssigned(first, topic, 1);
    awaitAssigned(second, topic, 1);
  }

  @Test
  void messagesTellTheEndsOfTheirQueue(Clients clients) throws Exception {
    String topic = clients.topic(1);
    clients.send(topic, "a", "b", "c");
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), topic, inbox.listener());

    Set<String> ends = new HashSet<>();
    for (MessageExt message : inbox.take(3)) {
      ends.add(message.getProperty("MIN_OFFSET") + ".." + message.getProperty("MAX_OFFSET"));
    }
    assertThat(ends).containsExactly("0..3");
  }

  static void awaitAssigned(DefaultMQPushConsumer consumer, String topic, int queues) {
    await()
        .atMost(Duration.ofSeconds(Inbox.LIMIT_SECONDS))
        .until(() -> assigned(consumer, topic) == queues);
  }

  private static long assigned(DefaultMQPushConsumer consumer, String topic) {
    return consumer
        .getDefaultMQPushConsumerImpl()
        .getRebalanceImpl()
        .getProcessQueueTable()
        .keySet()
        .stream()
        .filter(queue -> queue.getTopic().equals(topic))
        .count();
  }

  private static String[] bodies(int count) {
    return IntStream.range(0, count).mapToObj(i -> "m" + i).toArray(String[]::new);
  }
}
