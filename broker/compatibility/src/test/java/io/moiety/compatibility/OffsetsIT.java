package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.store.OffsetStore;
import org.apache.rocketmq.client.consumer.store.ReadOffsetType;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.UtilAll;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Test;

/** Offsets: of a queue, of a group, and by time. */
@OnBroker
@SuppressWarnings("deprecation") // RocketMQ deprecates it and keeps it: applications use it.
class OffsetsIT {

  private static final long NEVER_STORED = -1;

  @Test
  void anEmptyQueueBeginsAndEndsAtZero(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    DefaultMQPullConsumer consumer = clients.pullConsumer(clients.group());

    assertThat(consumer.minOffset(queue)).isZero();
    assertThat(consumer.maxOffset(queue)).isZero();
  }

  @Test
  void theEndOfAQueueIsBehindItsLastMessage(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "a", "b", "c");
    DefaultMQPullConsumer consumer = clients.pullConsumer(clients.group());

    assertThat(consumer.minOffset(queue)).isZero();
    assertThat(consumer.maxOffset(queue)).isEqualTo(3);
  }

  @Test
  void aTimeBeforeAllFindsTheFirstAndOneAfterAllTheEnd(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "a", "b", "c");
    DefaultMQPullConsumer consumer = clients.pullConsumer(clients.group());
    MessageExt last = consumer.pull(queue, "*", 2, 1).getMsgFoundList().get(0);

    assertThat(consumer.searchOffset(queue, 0)).isZero();
    assertThat(consumer.searchOffset(queue, last.getStoreTimestamp() + 60_000)).isEqualTo(3);
  }

  @Test
  void aTimeFindsTheFirstMessageStoredThenOrLater(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "a", "b", "c", "d");
    DefaultMQPullConsumer consumer = clients.pullConsumer(clients.group());
    List<MessageExt> stored = consumer.pull(queue, "*", 0, 4).getMsgFoundList();
    for (MessageExt message : stored) {
      long expected =
          stored.stream()
              .filter(other -> other.getStoreTimestamp() >= message.getStoreTimestamp())
              .findFirst()
              .orElseThrow()
              .getQueueOffset();
      assertThat(consumer.searchOffset(queue, message.getStoreTimestamp()))
          .as("the first of %d", message.getStoreTimestamp())
          .isEqualTo(expected);
    }
  }

  @Test
  void theEarliestStoreTimeIsThatOfTheFirstMessage(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "a", "b");
    DefaultMQPullConsumer consumer = clients.pullConsumer(clients.group());
    MessageExt first = consumer.pull(queue, "*", 0, 1).getMsgFoundList().get(0);

    assertThat(consumer.earliestMsgStoreTime(queue)).isEqualTo(first.getStoreTimestamp());
  }

  @Test
  void aGroupsOffsetIsWhatWasStoredLast(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "a", "b", "c");
    OffsetStore offsets = offsets(clients, queue);
    offsets.updateConsumeOffsetToBroker(queue, 2, false);
    assertThat(offsets.readOffset(queue, ReadOffsetType.READ_FROM_STORE)).isEqualTo(2);
    offsets.updateConsumeOffsetToBroker(queue, 1, false);

    assertThat(offsets.readOffset(queue, ReadOffsetType.READ_FROM_STORE))
        .as("also backwards")
        .isEqualTo(1);
  }

  @Test
  void groupsHaveOffsetsOfTheirOwn(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "a", "b", "c");
    OffsetStore one = offsets(clients, queue);
    OffsetStore two = offsets(clients, queue);
    one.updateConsumeOffsetToBroker(queue, 2, false);
    two.updateConsumeOffsetToBroker(queue, 3, false);

    assertThat(one.readOffset(queue, ReadOffsetType.READ_FROM_STORE)).isEqualTo(2);
    assertThat(two.readOffset(queue, ReadOffsetType.READ_FROM_STORE)).isEqualTo(3);
  }

  @Test
  void aNewGroupOnAYoungTopicBeginsAtItsFirstMessage(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "a", "b", "c");
    OffsetStore offsets = offsets(clients, queue);

    assertThat(offsets.readOffset(queue, ReadOffsetType.READ_FROM_STORE))
        .as("0 as the original says of a queue whose beginning is in memory, or never stored")
        .isIn(0L, NEVER_STORED);
  }

  @Test
  void aConsumerGoesOnWhereItsGroupStopped(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    String group = clients.group();
    clients.send(queue, "a", "b", "c");
    Inbox before = new Inbox();
    DefaultMQPushConsumer stopped =
        clients.consume(
            clients.apart(clients.pushConsumer(group)), queue.getTopic(), "*", before.listener());
    assertThat(before.takeBodies(3)).containsExactlyInAnyOrder("a", "b", "c");
    clients.stop(stopped, queue, 3);
    clients.send(queue, "d");
    Inbox after = new Inbox();
    clients.consume(
        clients.apart(clients.pushConsumer(group)), queue.getTopic(), "*", after.listener());

    assertThat(after.takeBodies(1)).containsExactly("d");
    assertThat(after.untaken()).isEmpty();
  }

  @Test
  void aGroupThatWantsTheFirstGetsAll(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "old");
    Inbox inbox = new Inbox();
    DefaultMQPushConsumer consumer = clients.pushConsumer(clients.group());
    consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
    clients.consume(consumer, queue.getTopic(), "*", inbox.listener());
    clients.send(queue, "new");

    assertThat(inbox.takeBodies(2)).containsExactlyInAnyOrder("old", "new");
  }

  @Test
  void aGroupThatWantsTheLastGetsWhatIsSentAfterItsStart(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    Inbox inbox = new Inbox();
    DefaultMQPushConsumer consumer = clients.pushConsumer(clients.group());
    consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_LAST_OFFSET);
    clients.consume(consumer, queue.getTopic(), "*", inbox.listener());
    PushIT.awaitAssigned(consumer, queue.getTopic(), 1); // It has asked where the end is.
    List<SendResult> sent = clients.send(queue, "a", "b");

    assertThat(sent).hasSize(2);
    assertThat(inbox.takeBodies(2)).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void aGroupThatWantsATimeGetsWhatWasStoredSince(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "a");
    Inbox inbox = new Inbox();
    DefaultMQPushConsumer consumer = clients.pushConsumer(clients.group());
    consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_TIMESTAMP);
    consumer.setConsumeTimestamp(
        UtilAll.timeMillisToHumanString3(System.currentTimeMillis() - 3_600_000));
    clients.consume(consumer, queue.getTopic(), "*", inbox.listener());

    assertThat(inbox.takeBodies(1)).containsExactly("a");
  }

  /** Of a new group, which the broker knows by a pull: the original takes offsets of no other. */
  private static OffsetStore offsets(Clients clients, MessageQueue queue) throws Exception {
    DefaultMQPullConsumer consumer = clients.pullConsumer(clients.group());
    consumer.pull(queue, "*", 0, 1);
    return consumer.getDefaultMQPullConsumerImpl().getOffsetStore();
  }
}
