package io.moiety.compatibility;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageId;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Test;

/** Sends: what the producer is told, and what the consumer then gets. */
@OnBroker
class SendIT {

  @Test
  void aSyncSendTellsQueueOffsetAndBothIds(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    SendResult result = clients.send(queue, "hello").get(0);

    assertThat(result.getSendStatus()).isEqualTo(SendStatus.SEND_OK);
    assertThat(result.getMessageQueue()).isEqualTo(queue);
    assertThat(result.getQueueOffset()).isZero();
    assertThat(result.getMsgId()).as("the client's own id").hasSizeBetween(32, 56);
    MessageId stored = MessageDecoder.decodeMessageId(result.getOffsetMsgId());
    assertThat(stored.getOffset()).isNotNegative();
  }

  @Test
  void theIdOfTheStoreNamesTheBrokersAddress(Clients clients, JudgedBroker broker)
      throws Exception {
    SendResult result = clients.send(clients.queue(), "hello").get(0);

    MessageId stored = MessageDecoder.decodeMessageId(result.getOffsetMsgId());
    assertThat(stored.getAddress().toString()).isEqualTo("/" + broker.brokerAddress());
  }

  @Test
  void queueOffsetsOfAQueueCountUpByOne(Clients clients) throws Exception {
    List<SendResult> results = clients.send(clients.queue(), "a", "b", "c", "d");

    assertThat(results).extracting(SendResult::getQueueOffset).containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void sendsWithoutAQueueGoRoundAllQueues(Clients clients) throws Exception {
    String topic = clients.topic(4);
    Set<Integer> queues = new HashSet<>();
    for (SendResult result : clients.send(topic, "a", "b", "c", "d", "e", "f", "g", "h")) {
      queues.add(result.getMessageQueue().getQueueId());
    }

    assertThat(queues).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  @Test
  void anAsyncSendIsAnsweredWithTheSameAsASyncOne(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    SendResult result =
        async(clients.producer(), Clients.message(queue.getTopic(), "hello"), queue)
            .get(Inbox.LIMIT_SECONDS, TimeUnit.SECONDS);

    assertThat(result.getSendStatus()).isEqualTo(SendStatus.SEND_OK);
    assertThat(result.getMessageQueue()).isEqualTo(queue);
    assertThat(result.getQueueOffset()).isZero();
  }

  @Test
  void aHundredAsyncSendsAtOnceAreAllStoredOnce(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    List<CompletableFuture<SendResult>> results = new ArrayList<>();
    Set<String> bodies = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      bodies.add("m" + i);
      results.add(async(clients.producer(), Clients.message(queue.getTopic(), "m" + i), queue));
    }
    Set<Long> offsets = new HashSet<>();
    for (CompletableFuture<SendResult> result : results) {
      offsets.add(result.get(Inbox.LIMIT_SECONDS, TimeUnit.SECONDS).getQueueOffset());
    }
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), queue.getTopic(), inbox.listener());

    assertThat(offsets).hasSize(100).allMatch(offset -> offset < 100);
    assertThat(inbox.takeBodies(100)).containsExactlyInAnyOrderElementsOf(bodies);
  }

  @Test
  void aOnewaySendArrives(Clients clients) throws Exception {
    String topic = clients.topic(1);
    clients.producer().sendOneway(Clients.message(topic, "oneway"));
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), topic, inbox.listener());

    assertThat(inbox.takeBodies(1)).containsExactly("oneway");
  }

  @Test
  void aBatchGetsConsecutiveOffsetsAndAnIdForEachMessage(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    clients.send(queue, "before");
    SendResult result = clients.producer().send(batch(queue.getTopic(), 3), queue);
    SendResult after = clients.send(queue, "after").get(0);

    assertThat(result.getSendStatus()).isEqualTo(SendStatus.SEND_OK);
    assertThat(result.getQueueOffset()).isEqualTo(1);
    assertThat(result.getMsgId().split(",")).hasSize(3).doesNotHaveDuplicates();
    assertThat(result.getOffsetMsgId().split(",")).hasSize(3).doesNotHaveDuplicates();
    assertThat(after.getQueueOffset()).isEqualTo(4);
  }

  @Test
  void membersOfABatchArriveWithTheirOwnPropertiesInOrder(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    SendResult result = clients.producer().send(batch(queue.getTopic(), 3), queue);
    Inbox inbox = new Inbox();
    clients.consumeOrderly(
        clients.pushConsumer(clients.group()), queue.getTopic(), inbox.orderly());

    List<MessageExt> members = inbox.take(3);
    assertThat(Inbox.bodies(members)).containsExactly("m0", "m1", "m2");
    assertThat(members).extracting(Message::getTags).containsExactly("t0", "t1", "t2");
    assertThat(members).extracting(Message::getKeys).containsExactly("k0", "k1", "k2");
    assertThat(members)
        .extracting(MessageExt::getMsgId)
        .containsExactly(result.getMsgId().split(","));
  }

  @Test
  void anAsyncBatchIsStored(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    CompletableFuture<SendResult> result = new CompletableFuture<>();
    clients.producer().send(batch(queue.getTopic(), 2), queue, completing(result));

    assertThat(result.get(Inbox.LIMIT_SECONDS, TimeUnit.SECONDS).getSendStatus())
        .isEqualTo(SendStatus.SEND_OK);
    assertThat(clients.send(queue, "after").get(0).getQueueOffset()).isEqualTo(2);
  }

  @Test
  void aMessageThatDoesNotWaitForTheStoreIsStored(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    Message message = Clients.message(queue.getTopic(), "no wait");
    message.setWaitStoreMsgOK(false);
    SendResult result = clients.producer().send(message, queue);
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), queue.getTopic(), inbox.listener());

    assertThat(result.getSendStatus()).isEqualTo(SendStatus.SEND_OK);
    assertThat(inbox.take().isWaitStoreMsgOK()).isFalse();
  }

  @Test
  void aMessageArrivesAsItWasSent(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    Message message =
        new Message(queue.getTopic(), "tag", "key1 key2", 7, "Grüße".getBytes(UTF_8), true);
    message.putUserProperty("colour", "grün");
    message.putUserProperty("odd", "a b=c;d\"'\\");
    message.setBuyerId("buyer");
    SendResult result = clients.producer().send(message, queue);
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), queue.getTopic(), inbox.listener());

    MessageExt arrived = inbox.take();
    assertThat(Inbox.body(arrived)).isEqualTo("Grüße");
    assertThat(arrived.getTopic()).isEqualTo(queue.getTopic());
    assertThat(arrived.getTags()).isEqualTo("tag");
    assertThat(arrived.getKeys()).isEqualTo("key1 key2");
    assertThat(arrived.getFlag()).isEqualTo(7);
    assertThat(arrived.getBuyerId()).isEqualTo("buyer");
    assertThat(arrived.getUserProperty("colour")).isEqualTo("grün");
    assertThat(arrived.getUserProperty("odd")).isEqualTo("a b=c;d\"'\\");
    assertThat(arrived.getMsgId()).isEqualTo(result.getMsgId());
    assertThat(arrived.getQueueId()).isZero();
    assertThat(arrived.getQueueOffset()).isZero();
    assertThat(arrived.getReconsumeTimes()).isZero();
    assertThat(arrived.getBrokerName()).isEqualTo(queue.getBrokerName());
    assertThat(arrived.getBornTimestamp()).isPositive();
    assertThat(arrived.getStoreTimestamp()).isPositive();
    assertThat(arrived.getBornHost().toString()).contains("127.0.0.1");
    assertThat(arrived.getCommitLogOffset())
        .isEqualTo(MessageDecoder.decodeMessageId(result.getOffsetMsgId()).getOffset());
  }

  @Test
  void theFirstAndTheLastPropertyArriveWithAndWithoutATrailingSeparator(Clients clients)
      throws Exception {
    String topic = clients.topic(1);
    Message message = Clients.message(topic, "hello");
    message.putUserProperty("a", "1");
    message.putUserProperty("z", "26");
    clients.producer().send(message);
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), topic, inbox.listener());

    assertThat(inbox.take().getProperties()).containsEntry("a", "1").containsEntry("z", "26");
  }

  @Test
  void aCompressedBodyArrivesWhole(Clients clients) throws Exception {
    String topic = clients.topic(1);
    String body = "compress me ".repeat(10_000);
    clients.send(topic, body);
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), topic, inbox.listener());

    MessageExt arrived = inbox.take();
    assertThat(Inbox.body(arrived)).isEqualTo(body);
    assertThat(arrived.getStoreSize()).as("the broker stores what it was sent").isLessThan(10_000);
  }

  @Test
  void aBodyOfFourMebibytesIsTaken(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    DefaultMQProducer producer = uncompressing(clients);
    byte[] body = new byte[4 * 1024 * 1024];
    new Random(1).nextBytes(body);

    assertThat(producer.send(new Message(queue.getTopic(), body), queue).getSendStatus())
        .isEqualTo(SendStatus.SEND_OK);
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), queue.getTopic(), inbox.listener());
    assertThat(inbox.take().getBody()).isEqualTo(body);
  }

  @Test
  void aLargerBodyIsRefusedByTheBrokerAsIllegal(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    DefaultMQProducer producer = uncompressing(clients);
    producer.setMaxMessageSize(8 * 1024 * 1024);
    byte[] body = new byte[4 * 1024 * 1024 + 1];

    BrokerAnswer.assertCode(13, () -> producer.send(new Message(queue.getTopic(), body), queue));
    assertThat(clients.send(queue, "next").get(0).getQueueOffset()).isZero();
  }

  @Test
  void propertiesLongerThanAShortAreRefusedAsIllegal(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    Message message = Clients.message(queue.getTopic(), "hello");
    message.putUserProperty("long", "x".repeat(32_768));

    BrokerAnswer.assertCode(13, () -> clients.producer().send(message, queue));
  }

  @Test
  void aQueueThatDoesNotExistIsAnInvalidParameter(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    MessageQueue beyond = new MessageQueue(queue.getTopic(), queue.getBrokerName(), 1);

    BrokerAnswer.assertCode(
        29, () -> clients.producer().send(Clients.message(queue.getTopic(), "hello"), beyond));
  }

  @Test
  void anIllegalTopicIsRefusedByTheClientAndByTheBroker(Clients clients) throws Exception {
    assertThatThrownBy(() -> clients.send("not/a topic", "hello"))
        .isInstanceOf(MQClientException.class);
    assertThatThrownBy(() -> clients.createTopic("not/a topic", 1, 6))
        .isInstanceOfAny(MQClientException.class, MQBrokerException.class);
  }

  @Test
  void aSelectorChoosesTheQueue(Clients clients) throws Exception {
    String topic = clients.topic(4);
    List<Integer> queues = new ArrayList<>();
    for (int order : List.of(0, 5, 2, 7, 1)) {
      queues.add(
          clients
              .producer()
              .send(
                  Clients.message(topic, "order " + order),
                  (all, message, key) -> all.get((Integer) key % all.size()),
                  order)
              .getMessageQueue()
              .getQueueId());
    }

    assertThat(queues).containsExactly(0, 1, 2, 3, 1);
  }

  @Test
  void twoProducersOfAGroupBothSend(Clients clients) throws Exception {
    MessageQueue queue = clients.queue();
    String group = clients.group();
    DefaultMQProducer one = clients.started(clients.apart(new DefaultMQProducer(group)));
    DefaultMQProducer two = clients.started(clients.apart(new DefaultMQProducer(group)));

    List<SendResult> results =
        Arrays.asList(
            one.send(Clients.message(queue.getTopic(), "1"), queue),
            two.send(Clients.message(queue.getTopic(), "2"), queue),
            one.send(Clients.message(queue.getTopic(), "3"), queue));
    assertThat(results).extracting(SendResult::getQueueOffset).containsExactly(0L, 1L, 2L);
  }

  private static List<Message> batch(String topic, int count) {
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      messages.add(new Message(topic, "t" + i, "k" + i, ("m" + i).getBytes(UTF_8)));
    }
    return messages;
  }

  private static DefaultMQProducer uncompressing(Clients clients) throws MQClientException {
    DefaultMQProducer producer = clients.configured(new DefaultMQProducer(clients.group()));
    producer.setCompressMsgBodyOverHowmuch(Integer.MAX_VALUE);
    return clients.started(producer);
  }

  private static CompletableFuture<SendResult> async(
      DefaultMQProducer producer, Message message, MessageQueue queue) throws Exception {
    CompletableFuture<SendResult> result = new CompletableFuture<>();
    producer.send(message, queue, completing(result));
    return result;
  }

  private static SendCallback completing(CompletableFuture<SendResult> result) {
    return new SendCallback() {
      @Override
      public void onSuccess(SendResult sent) {
        result.complete(sent);
      }

      @Override
      public void onException(Throwable failure) {
        result.completeExceptionally(failure);
      }
    };
  }
}
