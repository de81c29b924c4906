package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.TopicConfig;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * Moiety as a broker of a RocketMQ cluster: registered with the original's name servers, and found
 * by clients that know nothing else.
 */
@Tag(OriginalNameServer.NEEDED)
class NameServerIT {

  private static final Duration LIMIT = Duration.ofSeconds(Inbox.LIMIT_SECONDS);
  private static final int READ_AND_WRITE = 6;

  /** Two name servers, a broker that is registered with both, and clients that know only them. */
  private static final class Cluster implements JudgedBroker {
    private final OriginalNameServer one;
    private final OriginalNameServer two;
    private final MoietyBroker broker;
    private boolean stopped;

    Cluster() throws IOException {
      Judged.differsOnTheOriginal("its broker registers in every test");
      Path directory = Settings.newDirectory("name-servers-");
      one = OriginalNameServer.start(directory);
      two = OriginalNameServer.start(directory);
      broker = MoietyBroker.start(Map.of("namesrvAddr", one.address() + ";" + two.address()));
    }

    @Override
    public String nameServerAddress() {
      return one.address() + ";" + two.address();
    }

    @Override
    public String brokerAddress() {
      return broker.brokerAddress();
    }

    @Override
    public void kill() {
      broker.kill();
    }

    @Override
    public void startAgain() throws IOException {
      broker.startAgain();
    }

    void stop() {
      stopped = true;
      broker.close();
    }

    @Override
    public void close() {
      if (!stopped) {
        stop();
      }
      one.close();
      two.close();
    }
  }

  /** A producer that asks one of the name servers. */
  private static DefaultMQProducer producerOf(Clients clients, OriginalNameServer nameServer)
      throws MQClientException {
    DefaultMQProducer producer = clients.apart(new DefaultMQProducer(clients.group()));
    producer.setNamesrvAddr(nameServer.address());
    return clients.started(producer);
  }

  /** How many queues of a topic its name server knows at the broker. */
  private static int queues(DefaultMQProducer producer, String topic) {
    try {
      List<MessageQueue> queues = producer.fetchPublishMessageQueues(topic);
      return queues.stream().allMatch(queue -> queue.getBrokerName().equals("judged"))
          ? queues.size()
          : 0;
    } catch (MQClientException unknown) {
      return 0;
    }
  }

  private static void createTopic(Clients clients, Cluster cluster, String topic, int queues)
      throws Exception {
    clients
        .admin()
        .createAndUpdateTopicConfig(
            cluster.brokerAddress(), new TopicConfig(topic, queues, queues, READ_AND_WRITE));
  }

  @Test
  void clientsThatKnowOnlyTheNameServersSendAndConsume(TestInfo test) throws Exception {
    try (Cluster cluster = new Cluster();
        Clients clients = new Clients(cluster, test.getDisplayName())) {
      await().atMost(LIMIT).until(() -> queues(clients.producer(), "TBW102") > 0);
      String topic = clients.topic();
      clients.send(topic, "makes the topic", "and another");
      Inbox inbox = new Inbox();
      clients.consume(clients.group(), topic, inbox.listener());
      assertThat(inbox.takeBodies(2)).containsExactlyInAnyOrder("makes the topic", "and another");
    }
  }

  @Test
  void aTopicThatIsMadeLaterIsFoundThroughEach(TestInfo test) throws Exception {
    try (Cluster cluster = new Cluster();
        Clients clients = new Clients(cluster, test.getDisplayName())) {
      String topic = clients.topic();
      createTopic(clients, cluster, topic, 3);
      for (OriginalNameServer nameServer : List.of(cluster.one, cluster.two)) {
        DefaultMQProducer producer = producerOf(clients, nameServer);
        await().atMost(LIMIT).until(() -> queues(producer, topic) == 3);
        MessageQueue queue = new MessageQueue(topic, "judged", 2);
        SendResult sent = producer.send(Clients.message(topic, nameServer.address()), queue);
        assertThat(sent.getSendStatus()).isEqualTo(SendStatus.SEND_OK);
      }
    }
  }

  @Test
  void aNameServerThatStartsAgainLearnsOfTheBrokerAndForgetsOneThatStops(TestInfo test)
      throws Exception {
    try (Cluster cluster = new Cluster();
        Clients clients = new Clients(cluster, test.getDisplayName())) {
      String topic = clients.topic();
      createTopic(clients, cluster, topic, 3);
      DefaultMQProducer producer = producerOf(clients, cluster.one);
      await().atMost(LIMIT).until(() -> queues(producer, topic) == 3);
      cluster.one.restart();
      await().atMost(LIMIT).until(() -> queues(producer, topic) == 3);
      cluster.stop();
      await().atMost(LIMIT).until(() -> queues(producer, topic) == 0);
    }
  }
}
