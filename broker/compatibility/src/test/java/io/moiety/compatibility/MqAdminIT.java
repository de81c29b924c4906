package io.moiety.compatibility;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code mqadmin} prints what it prints on the original, with a live producer and a live consumer.
 */
@OnBroker
@Tag(ClientVersion.ONLY_5)
class MqAdminIT {

  private static final String CLUSTER = "DefaultCluster";
  private static final String BROKER = "judged";

  /** What the original measures of parts that Moiety does not have; absent there, not 0. */
  private static final Set<String> NOT_MEASURED =
      Set.of(
          "EndTransactionThreadPoolQueueCapacity",
          "ackThreadPoolQueueCapacity",
          "commitLogDiskRatio_PATH",
          "dispatchMaxBuffer",
          "getFoundTps",
          "getMessageEntireTimeMax",
          "getMissTps",
          "getTotalTps",
          "litePullThreadPoolQueueCapacity",
          "pullThreadPoolQueueCapacity",
          "putLatency99",
          "putLatency999",
          "putMessageFailedTimes",
          "queryThreadPoolQueueCapacity",
          "remainTransientStoreBufferNumbs",
          "sendThreadPoolQueueCapacity",
          "startAcceptSendRequestTimeStamp",
          "timerCongestNum",
          "timerDequeueTps",
          "timerEnqueueTps",
          "timerOffsetBehind",
          "timerReadBehind");

  /**
   * A topic with two queues, the first of which has three messages that a live consumer has
   * consumed.
   */
  private static final class Scene {
    private final JudgedBroker broker;
    private final String topic;
    private final String group;
    private final String producerGroup;
    private final String clientId;
    private final Inbox inbox = new Inbox();
    private final List<SendResult> sent = new ArrayList<>();

    Scene(Clients clients, JudgedBroker broker) throws Exception {
      this.broker = broker;
      topic = clients.topic(2);
      group = clients.group();
      producerGroup = clients.producer().getProducerGroup();
      MessageQueue queue = clients.queues(topic).get(0);
      for (String key : List.of("key-1", "key-2", "key-3")) {
        Message message = new Message(topic, "TagA", key, key.getBytes(UTF_8));
        sent.add(clients.producer().send(message, queue));
      }
      DefaultMQPushConsumer consumer =
          clients.consume(clients.pushConsumer(group), topic, "TagA || TagB", inbox.listener());
      clientId = consumer.buildMQClientId();
      DefaultMQAdminExt admin = clients.admin();
      await()
          .atMost(Duration.ofSeconds(Inbox.LIMIT_SECONDS))
          .ignoreExceptions()
          .until(
              () ->
                  admin.examineConsumeStats(group).getOffsetTable().size() == 3
                      && admin.examineConsumeStats(group).computeTotalDiff() == 0
                      && !admin
                          .examineProducerConnectionInfo(producerGroup, topic)
                          .getConnectionSet()
                          .isEmpty());
    }

    Printed prints(String... arguments) throws Exception {
      Map<String, String> names = new LinkedHashMap<>();
      names.put(clientId, "CLIENT");
      names.put(topic, "TOPIC");
      names.put(producerGroup, "PRODUCERS");
      names.put(group, "GROUP");
      names.put(broker.nameServerAddress(), "NAMES");
      names.put(broker.brokerAddress(), "BROKER"); // Of Moiety the two are one.
      String text = new MqAdmin(broker.nameServerAddress()).run(List.of(arguments));
      return Printed.of(text, names);
    }

    SendResult first() {
      return sent.get(0);
    }
  }

  @Test
  void topicListHasTheTopicAndTheRetryTopicOfItsGroup(Clients clients, JudgedBroker broker)
      throws Exception {
    Scene scene = new Scene(clients, broker);
    scene
        .prints("topicList")
        .only("TOPIC|%RETRY%GROUP")
        .sorted()
        .isWhatTheOriginalPrints("topicList");
  }

  @Test
  void updateTopicTellsWhatItMade(Clients clients, JudgedBroker broker) throws Exception {
    Scene scene = new Scene(clients, broker);
    scene
        .prints("updateTopic", "-c", CLUSTER, "-t", scene.topic, "-r", "3", "-w", "3")
        .isWhatTheOriginalPrints("updateTopic");
    assertThat(clients.admin().examineTopicConfig(broker.brokerAddress(), scene.topic))
        .extracting("readQueueNums", "writeQueueNums")
        .containsExactly(3, 3);
  }

  @Test
  void topicStatusShowsEveryQueue(Clients clients, JudgedBroker broker) throws Exception {
    Scene scene = new Scene(clients, broker);
    scene.prints("topicStatus", "-t", scene.topic).isWhatTheOriginalPrints("topicStatus");
  }

  @Test
  void consumerProgressShowsEveryQueue(Clients clients, JudgedBroker broker) throws Exception {
    Scene scene = new Scene(clients, broker);
    scene.prints("consumerProgress", "-g", scene.group).isWhatTheOriginalPrints("consumerProgress");
  }

  @Test
  void consumerProgressOfAllShowsTheGroup(Clients clients, JudgedBroker broker) throws Exception {
    Scene scene = new Scene(clients, broker);
    scene
        .prints("consumerProgress")
        .only("#Group .*|GROUP .*")
        .isWhatTheOriginalPrints("consumerProgress-all");
  }

  @Test
  void queryMsgByKeyFindsTheMessage(Clients clients, JudgedBroker broker) throws Exception {
    Scene scene = new Scene(clients, broker);
    scene
        .prints("queryMsgByKey", "-t", scene.topic, "-k", "key-2")
        .isWhatTheOriginalPrints("queryMsgByKey");
  }

  @Test
  void queryMsgByIdShowsTheMessageAndWhoConsumedIt(Clients clients, JudgedBroker broker)
      throws Exception {
    Scene scene = new Scene(clients, broker);
    scene
        .prints("queryMsgById", "-t", scene.topic, "-i", scene.first().getOffsetMsgId())
        .isWhatTheOriginalPrints("queryMsgById");
  }

  @Test
  void clusterListShowsTheBroker(Clients clients, JudgedBroker broker) throws Exception {
    new Scene(clients, broker)
        .prints("clusterList")
        .each(line -> line.replaceAll("-?\\b\\d+(?=ms\\b)", "N").replaceAll("-?\\b\\d+\\b", "N"))
        .isWhatTheOriginalPrints("clusterList");
  }

  /** Values vary, and each side has parts that the other lacks; what both have looks alike. */
  @Test
  void brokerStatusTellsWhatTheOriginalTellsOfWhatIsMeasured(Clients clients, JudgedBroker broker)
      throws Exception {
    Printed printed =
        new Scene(clients, broker)
            .prints("brokerStatus", "-b", broker.brokerAddress())
            .only("(?!scheduleMessageOffset_).*") // Of levels that other cases have used.
            .each(line -> line.replaceFirst("commitLogDiskRatio_[^ :]*", "commitLogDiskRatio_PATH"))
            .each(
                line ->
                    line.replaceAll("\\b[A-Z]iB\\b|\\bB\\b", "B")
                        .replaceAll("N\\.N|-?\\b\\d+\\b", "N")
                        .replaceAll("N( N)+", "N")
                        .replaceAll(" *: *", " : "));
    if (Judged.current() == Judged.ORIGINAL) {
      printed.isWhatTheOriginalPrints("brokerStatus");
    }
    List<String> measured =
        Printed.recorded("brokerStatus").stream()
            .filter(line -> !NOT_MEASURED.contains(line.split(" ", 2)[0]))
            .collect(Collectors.toList());
    assertThat(printed.lines()).containsAll(measured);
  }

  @Test
  void resetOffsetByTimeLetsTheConsumerBeginAnew(Clients clients, JudgedBroker broker)
      throws Exception {
    Scene scene = new Scene(clients, broker);
    scene.inbox.take(3);
    scene
        .prints("resetOffsetByTime", "-g", scene.group, "-t", scene.topic, "-s", "0")
        .sorted()
        .isWhatTheOriginalPrints("resetOffsetByTime");
    assertThat(scene.inbox.take(3)).hasSize(3);
  }

  @Test
  void producerConnectionShowsTheProducer(Clients clients, JudgedBroker broker) throws Exception {
    Scene scene = new Scene(clients, broker);
    scene
        .prints("producerConnection", "-g", scene.producerGroup, "-t", scene.topic)
        .isWhatTheOriginalPrints("producerConnection");
  }

  @Test
  void consumerConnectionShowsTheConsumer(Clients clients, JudgedBroker broker) throws Exception {
    Scene scene = new Scene(clients, broker);
    scene
        .prints("consumerConnection", "-g", scene.group)
        .sorted()
        .isWhatTheOriginalPrints("consumerConnection");
  }

  @Test
  void consumerStatusAsksTheConsumerItself(Clients clients, JudgedBroker broker) throws Exception {
    Scene scene = new Scene(clients, broker);
    scene.prints("consumerStatus", "-g", scene.group).isWhatTheOriginalPrints("consumerStatus");
  }

  @Test
  void aMessageIsConsumedDirectlyByTheNamedClient(Clients clients, JudgedBroker broker)
      throws Exception {
    Scene scene = new Scene(clients, broker);
    scene.inbox.take(3);
    scene
        .prints(
            "queryMsgById",
            "-t",
            scene.topic,
            "-i",
            scene.first().getOffsetMsgId(),
            "-g",
            scene.group,
            "-d",
            scene.clientId)
        .isWhatTheOriginalPrints("queryMsgById-direct");
    assertThat(scene.inbox.take(1)).hasSize(1);
  }

  @Test
  void groupsAreMadeShownAndDeleted(Clients clients, JudgedBroker broker) throws Exception {
    Scene scene = new Scene(clients, broker);
    scene
        .prints(
            "updateSubGroup", "-b", broker.brokerAddress(), "-g", scene.group, "-r", "5", "-q", "2")
        .isWhatTheOriginalPrints("updateSubGroup");
    scene.prints("getConsumerConfig", "-g", scene.group).isWhatTheOriginalPrints("consumerConfig");
    scene
        .prints("deleteSubGroup", "-c", CLUSTER, "-g", "group-that-nobody-has")
        .isWhatTheOriginalPrints("deleteSubGroup");
  }

  @Test
  void aTopicIsDeleted(Clients clients, JudgedBroker broker) throws Exception {
    String topic = clients.topic(1);
    String text =
        new MqAdmin(broker.nameServerAddress())
            .run(List.of("deleteTopic", "-c", CLUSTER, "-t", topic));
    Printed.of(text, Map.of(topic, "TOPIC", broker.nameServerAddress(), "NAMES"))
        .isWhatTheOriginalPrints("deleteTopic");
  }

  @Test
  void routesAndClustersOfATopicAreShown(Clients clients, JudgedBroker broker) throws Exception {
    Scene scene = new Scene(clients, broker);
    scene.prints("topicRoute", "-t", scene.topic).isWhatTheOriginalPrints("topicRoute");
    scene.prints("topicClusterList", "-t", scene.topic).isWhatTheOriginalPrints("topicClusterList");
  }

  @Test
  void messagesAreFoundByUniqueKeyAndOffset(Clients clients, JudgedBroker broker) throws Exception {
    Scene scene = new Scene(clients, broker);
    scene
        .prints("queryMsgByUniqueKey", "-t", scene.topic, "-i", scene.first().getMsgId())
        .isWhatTheOriginalPrints("queryMsgByUniqueKey");
    scene
        .prints("queryMsgByOffset", "-t", scene.topic, "-b", BROKER, "-i", "0", "-o", "1")
        .isWhatTheOriginalPrints("queryMsgByOffset");
  }

  @Test
  void aMessageIsSent(Clients clients, JudgedBroker broker) throws Exception {
    Scene scene = new Scene(clients, broker);
    scene.inbox.take(3);
    scene
        .prints(
            "sendMessage", "-t", scene.topic, "-p", "hello", "-c", "TagA", "-b", BROKER, "-i", "1")
        .isWhatTheOriginalPrints("sendMessage");
    assertThat(scene.inbox.take(1)).hasSize(1);
  }

  @Test
  void statisticsOfAllGroupsHaveTheGroup(Clients clients, JudgedBroker broker) throws Exception {
    Scene scene = new Scene(clients, broker);
    scene
        .prints("brokerConsumeStats", "-b", broker.brokerAddress())
        .only("#Topic .*|TOPIC GROUP .*")
        .isWhatTheOriginalPrints("brokerConsumeStats");
  }

  @Test
  void whatIsAccumulatedIsSkipped(Clients clients, JudgedBroker broker) throws Exception {
    Scene scene = new Scene(clients, broker);
    scene
        .prints("skipAccumulatedMessage", "-g", scene.group, "-t", scene.topic, "-f", "true")
        .sorted()
        .isWhatTheOriginalPrints("skipAccumulatedMessage");
  }

  @Test
  void aSettingThatCannotChangeNowIsRefused(Clients clients, JudgedBroker broker) throws Exception {
    Judged.differsOnTheOriginal("it takes any change, also of what nothing reads again");
    Printed printed =
        new Scene(clients, broker)
            .prints(
                "updateBrokerConfig",
                "-b",
                broker.brokerAddress(),
                "-k",
                "fileReservedTime",
                "-v",
                "1");
    assertThat(printed.lines())
        .anyMatch(line -> line.contains("cannot be changed while the broker runs"));
  }
}
