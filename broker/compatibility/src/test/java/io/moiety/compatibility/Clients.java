package io.moiety.compatibility;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.client.consumer.DefaultLitePullConsumer;
import org.apache.rocketmq.client.consumer.DefaultMQPullConsumer;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.consumer.listener.MessageListenerOrderly;
import org.apache.rocketmq.client.consumer.store.ReadOffsetType;
import org.apache.rocketmq.client.consumer.store.RemoteBrokerOffsetStore;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.TransactionListener;
import org.apache.rocketmq.client.producer.TransactionMQProducer;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;
import org.jspecify.annotations.Nullable;

/**
 * Clients of one test, and names that nobody else has. All that a test started through it is shut
 * down when the test ends. They share one client instance (those that pull another one) unless they
 * are told {@link #apart}. All ask the broker again each second instead of each half minute;
 * offsets of a consumer are stored by its shutdown, or else ten seconds after its start at the
 * earliest. Owner: the test's thread.
 */
@SuppressWarnings("deprecation") // RocketMQ deprecates it and keeps it: applications use it.
final class Clients implements AutoCloseable {

  private static final int ASK_AGAIN_MILLIS = 1_000;
  private static final int PERSIST_OFFSETS_MILLIS = 500;
  private static final int READ_AND_WRITE = 6;
  private static final AtomicInteger INSTANCES = new AtomicInteger();

  private final JudgedBroker broker;
  private final String instance;
  private final String unique = UUID.randomUUID().toString().substring(0, 8);
  private final Deque<Runnable> shutdowns = new ArrayDeque<>();
  private int names;
  private @Nullable DefaultMQProducer producer;
  private @Nullable DefaultMQAdminExt admin;

  Clients(JudgedBroker broker, String test) {
    this.broker = broker;
    this.instance = test + "-" + INSTANCES.incrementAndGet();
  }

  // Names

  /** The name of a topic that does not exist. The first send makes it, with four queues. */
  String topic() {
    return "topic-" + unique + "-" + ++names;
  }

  /** A topic that was made with so many queues. */
  String topic(int queues) throws Exception {
    return topic(queues, READ_AND_WRITE);
  }

  /**
   * A topic that was made with so many queues.
   *
   * @param perm 4 read, 2 write
   */
  String topic(int queues, int perm) throws Exception {
    String topic = topic();
    createTopic(topic, queues, perm);
    return topic;
  }

  void createTopic(String topic, int queues, int perm) throws Exception {
    admin()
        .createAndUpdateTopicConfig(
            broker.brokerAddress(), new TopicConfig(topic, queues, queues, perm));
    if ((perm & 2) != 0) {
      await()
          .atMost(Duration.ofSeconds(Inbox.LIMIT_SECONDS))
          .ignoreExceptionsInstanceOf(MQClientException.class)
          .until(() -> producer().fetchPublishMessageQueues(topic).size() == queues);
    }
  }

  /** The name of a producer or consumer group that nobody has. */
  String group() {
    return "group-" + unique + "-" + ++names;
  }

  // Configuration

  /** With the broker's address, this test's instance name and short intervals. */
  <C extends ClientConfig> C configured(C client) {
    client.setNamesrvAddr(broker.nameServerAddress());
    client.setInstanceName(instance);
    client.setPollNameServerInterval(ASK_AGAIN_MILLIS);
    client.setHeartbeatBrokerInterval(ASK_AGAIN_MILLIS);
    client.setPersistConsumerOffsetInterval(PERSIST_OFFSETS_MILLIS);
    client.setVipChannelEnabled(false);
    return client;
  }

  /** As {@link #configured}, with a connection and a client id of its own: another member. */
  <C extends ClientConfig> C apart(C client) {
    configured(client).setInstanceName(instance + "-" + INSTANCES.incrementAndGet());
    return client;
  }

  /** Has this done when the test ends, before what was asked for earlier. */
  void atEnd(Runnable shutdown) {
    shutdowns.push(shutdown);
  }

  // Producers

  /** This test's producer, started, with defaults. */
  DefaultMQProducer producer() throws MQClientException {
    DefaultMQProducer present = producer;
    if (present == null) {
      present = started(configured(new DefaultMQProducer(group())));
      producer = present;
    }
    return present;
  }

  /** Starts it, and shuts it down at the end. */
  <P extends DefaultMQProducer> P started(P unstarted) throws MQClientException {
    unstarted.setSendMsgTimeout(15_000); // A busy machine is no reason to send twice.
    unstarted.start();
    atEnd(unstarted::shutdown);
    return unstarted;
  }

  TransactionMQProducer transactionProducer(String group, TransactionListener listener)
      throws MQClientException {
    TransactionMQProducer unstarted = configured(new TransactionMQProducer(group));
    unstarted.setTransactionListener(listener);
    return started(unstarted);
  }

  /** Sends texts one after the other through {@link #producer}. */
  List<SendResult> send(String topic, String... bodies) throws Exception {
    List<SendResult> results = new ArrayList<>();
    for (String body : bodies) {
      results.add(producer().send(message(topic, body)));
    }
    return results;
  }

  /** Sends texts to one queue, in order. */
  List<SendResult> send(MessageQueue queue, String... bodies) throws Exception {
    List<SendResult> results = new ArrayList<>();
    for (String body : bodies) {
      results.add(producer().send(message(queue.getTopic(), body), queue));
    }
    return results;
  }

  static Message message(String topic, String body) {
    return new Message(topic, body.getBytes(UTF_8));
  }

  static Message tagged(String topic, String tag, String body) {
    return new Message(topic, tag, body.getBytes(UTF_8));
  }

  /** The topic's queues that can be written, by number. */
  List<MessageQueue> queues(String topic) throws MQClientException {
    return producer().fetchPublishMessageQueues(topic).stream()
        .sorted(Comparator.comparingInt(MessageQueue::getQueueId))
        .toList();
  }

  /** The only queue of a topic, which is made. */
  MessageQueue queue() throws Exception {
    return queues(topic(1)).get(0);
  }

  // Consumers

  /** Not started; from the first offset where the group has none. */
  DefaultMQPushConsumer pushConsumer(String group) {
    DefaultMQPushConsumer consumer = configured(new DefaultMQPushConsumer(group));
    consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
    return consumer;
  }

  /** Starts it, and shuts it down at the end. */
  DefaultMQPushConsumer started(DefaultMQPushConsumer consumer) throws MQClientException {
    consumer.start();
    atEnd(consumer::shutdown);
    return consumer;
  }

  /** Starts a push consumer on all messages of a topic. */
  DefaultMQPushConsumer consume(String group, String topic, MessageListenerConcurrently listener)
      throws MQClientException {
    return consume(pushConsumer(group), topic, "*", listener);
  }

  /**
   * Starts a push consumer.
   *
   * @param tags {@code *}, or tags with {@code ||} between them
   */
  DefaultMQPushConsumer consume(
      DefaultMQPushConsumer consumer,
      String topic,
      String tags,
      MessageListenerConcurrently listener)
      throws MQClientException {
    consumer.subscribe(topic, tags);
    consumer.registerMessageListener(listener);
    return started(consumer);
  }

  /** Starts a push consumer in order on all messages of a topic. */
  DefaultMQPushConsumer consumeOrderly(
      DefaultMQPushConsumer consumer, String topic, MessageListenerOrderly listener)
      throws MQClientException {
    consumer.subscribe(topic, "*");
    consumer.registerMessageListener(listener);
    return started(consumer);
  }

  /** Not started; from the first offset where the group has none. */
  DefaultLitePullConsumer litePullConsumer(String group) {
    DefaultLitePullConsumer consumer = configured(new DefaultLitePullConsumer(group));
    consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
    consumer.setAutoCommitIntervalMillis(1_000);
    return consumer;
  }

  /** Starts it, and shuts it down at the end. */
  DefaultLitePullConsumer started(DefaultLitePullConsumer consumer) throws MQClientException {
    consumer.start();
    atEnd(consumer::shutdown);
    return consumer;
  }

  /** Started; asks for what it is told to, and has no subscription. */
  DefaultMQPullConsumer pullConsumer(String group) throws MQClientException {
    DefaultMQPullConsumer consumer = configured(new DefaultMQPullConsumer(group));
    consumer.start();
    atEnd(consumer::shutdown);
    return consumer;
  }

  /** Shuts a consumer down that is done with its messages before this offset, which is stored. */
  void stop(DefaultMQPushConsumer consumer, MessageQueue queue, long queueOffset)
      throws MQClientException {
    await()
        .atMost(Duration.ofSeconds(Inbox.LIMIT_SECONDS))
        .until(
            () ->
                consumer
                        .getDefaultMQPushConsumerImpl()
                        .getOffsetStore()
                        .readOffset(queue, ReadOffsetType.READ_FROM_MEMORY)
                    == queueOffset);
    consumer.shutdown();
    awaitOffset(consumer.getConsumerGroup(), queue, queueOffset);
  }

  /** Waits until the broker knows that the group goes on at this offset. */
  void awaitOffset(String group, MessageQueue queue, long queueOffset) throws MQClientException {
    DefaultMQPullConsumer asks = pullConsumer(group());
    RemoteBrokerOffsetStore offsets =
        new RemoteBrokerOffsetStore(
            asks.getDefaultMQPullConsumerImpl().getRebalanceImpl().getmQClientFactory(), group);
    await()
        .atMost(Duration.ofSeconds(Inbox.LIMIT_SECONDS))
        .until(() -> offsets.readOffset(queue, ReadOffsetType.READ_FROM_STORE) == queueOffset);
  }

  // Administration

  /** Started. */
  DefaultMQAdminExt admin() throws MQClientException {
    DefaultMQAdminExt present = admin;
    if (present == null) {
      present = configured(new DefaultMQAdminExt());
      present.start();
      atEnd(present::shutdown);
      admin = present;
    }
    return present;
  }

  @Override
  public void close() {
    while (!shutdowns.isEmpty()) {
      shutdowns.pop().run();
    }
  }
}
