package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.rocketmq.client.consumer.DefaultLitePullConsumer;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Test;

/** Consumers that poll. */
@OnBroker
@SuppressWarnings("deprecation") // RocketMQ deprecates it and keeps it: applications use it.
class LitePullIT {

  @Test
  void aSubscriptionGivesAllMessages(Clients clients) throws Exception {
    String topic = clients.topic(2);
    clients.send(topic, "a", "b", "c", "d");
    DefaultLitePullConsumer consumer = clients.litePullConsumer(clients.group());
    consumer.subscribe(topic, "*");
    clients.started(consumer);

    assertThat(poll(consumer, 4)).containsExactlyInAnyOrder("a", "b", "c", "d");
  }

  @Test
  void aSubscriptionToATagGivesThatTag(Clients clients) throws Exception {
    String topic = clients.topic(1);
    clients.producer().send(Clients.tagged(topic, "B", "b"));
    clients.producer().send(Clients.tagged(topic, "A", "a"));
    DefaultLitePullConsumer consumer = clients.litePullConsumer(clients.group());
    consumer.subscribe(topic, "A");
    clients.started(consumer);

    assertThat(poll(consumer, 1)).containsExactly("a");
  }

  @Test
  void anAssignedQueueIsReadFromWhereItIsSought(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "a", "b", "c");
    DefaultLitePullConsumer consumer = assigned(clients, clients.group(), queue);
    consumer.seek(queue, 1);

    assertThat(poll(consumer, 2)).containsExactly("b", "c");
  }

  @Test
  void aSeekToTheBeginningReadsAllAgain(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "a", "b");
    DefaultLitePullConsumer consumer = assigned(clients, clients.group(), queue);
    assertThat(poll(consumer, 2)).containsExactly("a", "b");
    consumer.seekToBegin(queue);

    assertThat(poll(consumer, 2)).containsExactly("a", "b");
  }

  @Test
  void aSeekToTheEndReadsOnlyWhatIsNew(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "a", "b");
    DefaultLitePullConsumer consumer = assigned(clients, clients.group(), queue);
    assertThat(poll(consumer, 2)).containsExactly("a", "b");
    consumer.seekToBegin(queue);
    consumer.seekToEnd(queue);
    clients.send(queue, "c");

    assertThat(poll(consumer, 1)).containsExactly("c");
  }

  @Test
  void aCommitIsWhereTheGroupGoesOn(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    String group = clients.group();
    clients.send(queue, "a", "b");
    DefaultLitePullConsumer before = clients.apart(clients.litePullConsumer(group));
    before.setAutoCommit(false);
    clients.started(before).assign(List.of(queue));
    assertThat(poll(before, 2)).containsExactly("a", "b");
    before.commitSync();
    before.shutdown();
    clients.awaitOffset(group, queue, 2);
    clients.send(queue, "c");
    DefaultLitePullConsumer after = clients.apart(clients.litePullConsumer(group));
    clients.started(after).assign(List.of(queue));

    assertThat(after.committed(queue)).isEqualTo(2);
    assertThat(poll(after, 1)).containsExactly("c");
  }

  @Test
  void whatWasNotCommittedIsReadAgain(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    String group = clients.group();
    clients.send(queue, "a", "b");
    DefaultLitePullConsumer before = clients.apart(clients.litePullConsumer(group));
    before.setAutoCommit(false);
    clients.started(before).assign(List.of(queue));
    assertThat(poll(before, 2)).containsExactly("a", "b");
    before.shutdown();
    DefaultLitePullConsumer after = clients.apart(clients.litePullConsumer(group));
    clients.started(after).assign(List.of(queue));

    assertThat(poll(after, 2)).containsExactly("a", "b");
  }

  @Test
  void aTimeFindsItsOffset(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "a", "b");
    DefaultLitePullConsumer consumer = assigned(clients, clients.group(), queue);

    assertThat(consumer.offsetForTimestamp(queue, 0L)).isZero();
    assertThat(consumer.offsetForTimestamp(queue, System.currentTimeMillis() + 60_000))
        .isEqualTo(2);
  }

  @Test
  void twoPollingMembersShareTheQueues(Clients clients) throws Exception {
    String topic = clients.topic(4);
    String group = clients.group();
    DefaultLitePullConsumer one = clients.apart(clients.litePullConsumer(group));
    DefaultLitePullConsumer two = clients.apart(clients.litePullConsumer(group));
    one.subscribe(topic, "*");
    two.subscribe(topic, "*");
    clients.started(one);
    clients.started(two);
    await()
        .atMost(Duration.ofSeconds(Inbox.LIMIT_SECONDS))
        .until(() -> one.assignment().size() == 2 && two.assignment().size() == 2);
    clients.send(topic, "a", "b", "c", "d");

    List<String> all = new ArrayList<>(poll(one, 2));
    all.addAll(poll(two, 2));
    assertThat(all).containsExactlyInAnyOrder("a", "b", "c", "d");
  }

  private static DefaultLitePullConsumer assigned(Clients clients, String group, MessageQueue queue)
      throws Exception {
    DefaultLitePullConsumer consumer = clients.started(clients.litePullConsumer(group));
    consumer.assign(List.of(queue));
    return consumer;
  }

  private static List<String> poll(DefaultLitePullConsumer consumer, int count) {
    List<String> bodies = new ArrayList<>();
    await()
        .atMost(Duration.ofSeconds(Inbox.LIMIT_SECONDS))
        .until(
            () -> {
              for (MessageExt message : consumer.poll(1_000)) {
                bodies.add(Inbox.body(message));
              }
              return bodies.size() >= count;
            });
    return bodies;
  }
}
