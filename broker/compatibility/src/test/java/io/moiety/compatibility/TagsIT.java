package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.PullResult;
import org.apache.rocketmq.client.consumer.PullStatus;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Subscriptions to tags. */
@OnBroker
@SuppressWarnings("deprecation") // RocketMQ deprecates it and keeps it: applications use it.
class TagsIT {

  @Test
  void oneTagIsChosenOfMany(Clients clients) throws Exception {
    assertThat(consumed(clients, "A", 2)).containsExactlyInAnyOrder("A1", "A2");
  }

  @Test
  void severalTagsAreChosenOfMany(Clients clients) throws Exception {
    assertThat(consumed(clients, "A || C", 3)).containsExactlyInAnyOrder("A1", "A2", "C1");
  }

  @Test
  void aStarChoosesAllAndThoseWithoutATag(Clients clients) throws Exception {
    assertThat(consumed(clients, "*", 5)).containsExactlyInAnyOrder("A1", "B1", "A2", "C1", "none");
  }

  @Test
  void tagsOfOneHashAreToldApartByTheirText(Clients clients) throws Exception {
    assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
    String topic = clients.topic(1);
    Inbox inbox = new Inbox();
    clients.consume(clients.pushConsumer(clients.group()), topic, "Aa", inbox.listener());
    DefaultMQProducer producer = clients.producer();
    producer.send(Clients.tagged(topic, "BB", "same hash"));
    producer.send(Clients.tagged(topic, "Aa", "right"));

    assertThat(inbox.takeBodies(1)).containsExactly("right");
  }

  @Test
  void aPullOfATagThatIsNotThereGoesOnBehindTheOthers(Clients clients) throws Exception {
    MessageQueue queue = tagged(clients);
    DefaultMQPullConsumer consumer = clients.pullConsumer(clients.group());
    PullResult result = consumer.pull(queue, "D", 0, 10);

    assertThat(result.getPullStatus()).isEqualTo(PullStatus.NO_MATCHED_MSG);
    assertThat(result.getNextBeginOffset()).isEqualTo(5);
  }

  @Test
  void aPullOfATagGetsThatTag(Clients clients) throws Exception {
    MessageQueue queue = tagged(clients);
    DefaultMQPullConsumer consumer = clients.pullConsumer(clients.group());
    PullResult result = consumer.pull(queue, "A || C", 0, 10);

    assertThat(result.getMsgFoundList()).extracting(Inbox::body).containsExactly("A1", "A2", "C1");
  }

  @Test
  void twoGroupsWithDifferentTagsDoNotDisturbEachOther(Clients clients) throws Exception {
    MessageQueue queue = tagged(clients);
    Inbox one = new Inbox();
    Inbox two = new Inbox();
    clients.consume(clients.pushConsumer(clients.group()), queue.getTopic(), "A", one.listener());
    clients.consume(clients.pushConsumer(clients.group()), queue.getTopic(), "B", two.listener());

    assertThat(one.takeBodies(2)).containsExactlyInAnyOrder("A1", "A2");
    assertThat(two.takeBodies(1)).containsExactly("B1");
  }

  @Test
  void aGroupThatComesBackWithOtherTagsGoesOnWhereItWas(Clients clients) throws Exception {
    MessageQueue queue = tagged(clients);
    String group = clients.group();
    Inbox before = new Inbox();
    DefaultMQPushConsumer leaving =
        clients.consume(
            clients.apart(clients.pushConsumer(group)), queue.getTopic(), "A", before.listener());
    assertThat(before.takeBodies(2)).containsExactlyInAnyOrder("A1", "A2");
    clients.stop(leaving, queue, 3);
    Inbox after = new Inbox();
    clients.consume(
        clients.apart(clients.pushConsumer(group)), queue.getTopic(), "B", after.listener());
    clients.producer().send(Clients.tagged(queue.getTopic(), "B", "B2"), queue);

    assertThat(after.takeBodies(1)).containsExactly("B2");
  }

  @Test
  void aSubscriptionThatGrowsWhileItsPullWaitsMissesNothing(Clients clients) throws Exception {
    Judged.knownDefectOfTheOriginal(
        "a pull that waited is answered with what the client drops by the tags it had before");
    String topic = clients.topic(1);
    String group = clients.group();
    Inbox inbox = new Inbox();
    DefaultMQPushConsumer consumer =
        clients.consume(clients.pushConsumer(group), topic, "A", inbox.listener());
    clients.producer().send(Clients.tagged(topic, "A", "a"));
    assertThat(inbox.takeBodies(1)).containsExactly("a");
    consumer.subscribe(topic, "A || B"); // Its pull waits at the broker now, with the tag A.
    // The client's heartbeat for it falls away when another is under way; the next one tells.
    Awaitility.await()
        .atMost(60, TimeUnit.SECONDS)
        .until(() -> subscriptions(clients, group).contains("A || B"));
    clients.producer().send(Clients.tagged(topic, "B", "b"));

    assertThat(inbox.takeBodies(1)).containsExactly("b");
  }

  /**
   * By reflection: what the administrator answers lies in another package with the client 4.9.8.
   */
  private static String subscriptions(Clients clients, String group) throws Exception {
    DefaultMQAdminExt admin = clients.admin();
    Object connections =
        admin
            .getClass()
            .getMethod("examineConsumerConnectionInfo", String.class)
            .invoke(admin, group);
    return connections.getClass().getMethod("getSubscriptionTable").invoke(connections).toString();
  }

  private static MessageQueue tagged(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    for (String body : List.of("A1", "B1", "A2", "C1")) {
      clients.producer().send(Clients.tagged(queue.getTopic(), body.substring(0, 1), body), queue);
    }
    clients.send(queue, "none");
    return queue;
  }

  private static List<String> consumed(Clients clients, String tags, int count) throws Exception {
    MessageQueue queue = tagged(clients);
    Inbox inbox = new Inbox();
    clients.consume(
        clients.pushConsumer(clients.group()), queue.getTopic(), tags, inbox.listener());
    List<String> bodies = inbox.takeBodies(count);
    assertThat(inbox.untaken()).isEmpty();
    return bodies;
  }
}
