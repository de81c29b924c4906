package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.IntStream;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeOrderlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerOrderly;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Test;

/** Consumption in order, with queues locked at the broker. */
@OnBroker
class OrderlyIT {

  @Test
  void messagesOfAQueueComeInTheOrderOfTheirSends(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    String[] bodies = bodies(50);
    clients.send(queue, bodies);
    Inbox inbox = new Inbox();
    clients.consumeOrderly(
        clients.pushConsumer(clients.group()), queue.getTopic(), inbox.orderly());

    assertThat(inbox.takeBodies(50)).containsExactly(bodies);
  }

  @Test
  void eachQueueIsInOrderWithTwoMembersAndBelongsToOne(Clients clients) throws Exception {
    String topic = clients.topic(4);
    String group = clients.group();
    Inbox inbox = new Inbox();
    ConcurrentMap<Integer, Set<String>> membersOfQueues = new ConcurrentHashMap<>();
    for (String name : List.of("one", "two")) {
      MessageListenerOrderly kept = inbox.orderly();
      DefaultMQPushConsumer member = clients.apart(clients.pushConsumer(group));
      clients.consumeOrderly(
          member,
          topic,
          (batch, context) -> {
            membersOfQueues
                .computeIfAbsent(
                    context.getMessageQueue().getQueueId(), q -> ConcurrentHashMap.newKeySet())
                .add(name);
            return kept.consumeMessage(batch, context);
          });
    }
    // Whoever came first gives two queues up, and both have locked theirs.
    await()
        .atMost(Duration.ofSeconds(Inbox.LIMIT_SECONDS))
        .until(
            () -> {
              membersOfQueues.clear();
              for (MessageQueue queue : clients.queues(topic)) {
                clients.send(queue, "probe");
              }
              inbox.take(4);
              return membersOfQueues.values().stream().flatMap(Set::stream).distinct().count() == 2;
            });
    membersOfQueues.clear();
    for (int i = 0; i < 20; i++) {
      for (MessageQueue queue : clients.queues(topic)) {
        clients.send(queue, queue.getQueueId() + ":" + i);
      }
    }
    List<String> all = inbox.takeBodies(80);

    for (int q = 0; q < 4; q++) {
      String prefix = q + ":";
      assertThat(all.stream().filter(body -> body.startsWith(prefix)).toList())
          .containsExactly(IntStream.range(0, 20).mapToObj(i -> prefix + i).toArray(String[]::new));
    }
    assertThat(membersOfQueues.values()).allSatisfy(members -> assertThat(members).hasSize(1));
  }

  @Test
  void aQueueThatIsSuspendedComesAgainBeforeWhatFollows(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "a", "b", "c");
    DefaultMQPushConsumer consumer = clients.pushConsumer(clients.group());
    consumer.setSuspendCurrentQueueTimeMillis(100);
    Inbox inbox = new Inbox();
    clients.consumeOrderly(
        consumer,
        queue.getTopic(),
        inbox.orderly(
            message ->
                Inbox.body(message).equals("b") && message.getReconsumeTimes() < 2
                    ? ConsumeOrderlyStatus.SUSPEND_CURRENT_QUEUE_A_MOMENT
                    : ConsumeOrderlyStatus.SUCCESS));

    assertThat(inbox.takeBodies(5)).containsExactly("a", "b", "b", "b", "c");
  }

  @Test
  void aMessageSuspendedTooOftenIsADeadLetterAndTheQueueGoesOn(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    String group = clients.group();
    clients.send(queue, "a", "hopeless", "c");
    DefaultMQPushConsumer consumer = clients.pushConsumer(group);
    consumer.setSuspendCurrentQueueTimeMillis(100);
    consumer.setMaxReconsumeTimes(1);
    Inbox inbox = new Inbox();
    clients.consumeOrderly(
        consumer,
        queue.getTopic(),
        inbox.orderly(
            message ->
                Inbox.body(message).equals("hopeless")
                    ? ConsumeOrderlyStatus.SUSPEND_CURRENT_QUEUE_A_MOMENT
                    : ConsumeOrderlyStatus.SUCCESS));

    assertThat(inbox.takeBodies(4)).containsExactly("a", "hopeless", "hopeless", "c");
    MessageExt dead = RetryIT.deadLetter(clients, group);
    assertThat(Inbox.body(dead)).isEqualTo("hopeless");
  }

  @Test
  void aMemberThatTakesAQueueOverGoesOnWhereTheOtherStopped(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    String group = clients.group();
    Inbox before = new Inbox();
    DefaultMQPushConsumer leaving = clients.apart(clients.pushConsumer(group));
    clients.consumeOrderly(leaving, queue.getTopic(), before.orderly());
    clients.send(queue, "a", "b");
    assertThat(before.takeBodies(2)).containsExactly("a", "b");
    Inbox after = new Inbox();
    clients.consumeOrderly(
        clients.apart(clients.pushConsumer(group)), queue.getTopic(), after.orderly());
    clients.stop(leaving, queue, 2);
    clients.send(queue, "c");

    assertThat(after.takeBodies(1)).containsExactly("c");
  }

  private static String[] bodies(int count) {
    return IntStream.range(0, count).mapToObj(i -> "m" + i).toArray(String[]::new);
  }
}
