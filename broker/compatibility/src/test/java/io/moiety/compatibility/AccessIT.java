package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.rocketmq.acl.common.AclClientRPCHook;
import org.apache.rocketmq.acl.common.SessionCredentials;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.rebalance.AllocateMessageQueueAveragely;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.LocalTransactionState;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.client.producer.TransactionMQProducer;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A broker with users and TLS: what clients with a right key, a wrong one and none are told. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessIT {

  private static final int NO_PERMISSION = 16;
  private static final String SECRET = "shop-secret";

  private JudgedBroker broker;

  @BeforeAll
  void start() throws IOException {
    broker =
        JudgedBroker.start(
            switch (Judged.current()) {
              case MOIETY -> moiety(Settings.newDirectory("access-"));
              case ORIGINAL -> original();
            });
  }

  @AfterAll
  void stop() {
    broker.close();
  }

  private static Map<String, String> moiety(Path directory) throws IOException {
    Path users =
        Files.writeString(
            directory.resolve("users.json"),
            """
            {"users": [{"accessKey": "shop", "secretKey": "shop-secret",
                        "topics": {"shop-*": "PUB|SUB"}, "groups": {"shop-*": "SUB"}}]}
            """);
    return Map.of(
        "accessFile",
        users.toString(),
        "tls.server.certPath",
        Path.of("..", "src", "test", "resources", "tls", "broker.pem").toAbsolutePath().toString(),
        "tls.server.keyPath",
        Path.of("..", "src", "test", "resources", "tls", "broker-key.pem")
            .toAbsolutePath()
            .toString());
  }

  /** It speaks TLS with a certificate of its own, and knows permissions only when told to. */
  private static Map<String, String> original() {
    String own = "org.apache.rocketmq.auth.authentication.provider.";
    return Map.of(
        "authenticationEnabled",
        "true",
        "authenticationProvider",
        own + "DefaultAuthenticationProvider",
        "authenticationMetadataProvider",
        own + "LocalAuthenticationMetadataProvider",
        "initAuthenticationUser",
        "{\"username\":\"shop\",\"password\":\"shop-secret\"}",
        "innerClientAuthenticationCredentials",
        "{\"accessKey\":\"shop\",\"secretKey\":\"shop-secret\"}");
  }

  private static AclClientRPCHook key(String user, String secret) {
    return new AclClientRPCHook(new SessionCredentials(user, secret));
  }

  private Clients clients(String test) {
    return new Clients(broker, test);
  }

  private static DefaultMQProducer producer(Clients clients, AclClientRPCHook key)
      throws Exception {
    return routed(
        clients.started(clients.apart(new DefaultMQProducer("shop-" + clients.group(), key))));
  }

  /** The original's broker says that it has started before its name server knows it. */
  private static DefaultMQProducer routed(DefaultMQProducer producer) {
    await()
        .atMost(Duration.ofSeconds(Inbox.LIMIT_SECONDS))
        .ignoreExceptionsInstanceOf(MQClientException.class)
        .until(() -> !producer.fetchPublishMessageQueues("TBW102").isEmpty());
    return producer;
  }

  private static void assertRefused(DefaultMQProducer producer, String topic, String remark) {
    Throwable refused = catchThrowable(() -> producer.send(Clients.message(topic, "hello")));
    Throwable cause = refused;
    while (cause != null && !(cause instanceof MQBrokerException)) {
      cause = cause.getCause();
    }
    assertThat(cause).as("%s", refused).isInstanceOf(MQBrokerException.class);
    assertThat(((MQBrokerException) cause).getResponseCode()).isEqualTo(NO_PERMISSION);
    assertThat(((MQBrokerException) cause).getErrorMessage()).contains(remark);
  }

  @Test
  void whatIsSignedIsSentAndConsumed() throws Exception {
    try (Clients clients = clients("signed")) {
      String topic = "shop-" + clients.topic();
      DefaultMQProducer producer = producer(clients, key("shop", SECRET));
      assertThat(producer.send(Clients.message(topic, "hello")).getSendStatus())
          .isEqualTo(SendStatus.SEND_OK);

      Inbox inbox = new Inbox();
      DefaultMQPushConsumer consumer =
          clients.apart(
              new DefaultMQPushConsumer(
                  "shop-" + clients.group(),
                  key("shop", SECRET),
                  new AllocateMessageQueueAveragely()));
      consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
      clients.consume(consumer, topic, "*", inbox.listener());
      assertThat(inbox.takeBodies(1)).containsExactly("hello");
    }
  }

  @Test
  void whatIsSignedIsSentAndConsumedOverTls() throws Exception {
    try (Clients clients = clients("tls")) {
      String topic = "shop-" + clients.topic();
      DefaultMQProducer producer =
          clients.apart(new DefaultMQProducer("shop-" + clients.group(), key("shop", SECRET)));
      producer.setUseTLS(true);
      routed(clients.started(producer));
      for (int i = 0; i < 50; i++) {
        assertThat(producer.send(Clients.message(topic, "hello " + i)).getSendStatus())
            .isEqualTo(SendStatus.SEND_OK);
      }

      Inbox inbox = new Inbox();
      DefaultMQPushConsumer consumer =
          clients.apart(
              new DefaultMQPushConsumer(
                  "shop-" + clients.group(),
                  key("shop", SECRET),
                  new AllocateMessageQueueAveragely()));
      consumer.setUseTLS(true);
      consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
      clients.consume(consumer, topic, "*", inbox.listener());
      assertThat(inbox.takeBodies(50)).contains("hello 0", "hello 49").doesNotHaveDuplicates();
    }
  }

  @Test
  void signedTransactionsAreDecidedAtOnceAndByTheirChecks() throws Exception {
    try (Clients clients = clients("transaction")) {
      for (LocalTransactionState atOnce :
          new LocalTransactionState[] {
            LocalTransactionState.COMMIT_MESSAGE, LocalTransactionState.UNKNOW
          }) {
        String topic = "shop-" + clients.topic();
        Inbox inbox = new Inbox(); // For each: the original may deliver a committed message again.
        routed(producer(clients, key("shop", SECRET))).send(Clients.message(topic, "plain"));
        DefaultMQPushConsumer consumer =
            clients.apart(
                new DefaultMQPushConsumer(
                    "shop-" + clients.group(),
                    key("shop", SECRET),
                    new AllocateMessageQueueAveragely()));
        consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
        clients.consume(consumer, topic, "*", inbox.listener());
        assertThat(inbox.takeBodies(1)).containsExactly("plain");
        TransactionMQProducer producer =
            clients.apart(
                new TransactionMQProducer("shop-" + clients.group(), key("shop", SECRET)));
        producer.setTransactionListener(Decisions.of(atOnce, LocalTransactionState.COMMIT_MESSAGE));
        routed(clients.started(producer));
        producer.sendMessageInTransaction(Clients.message(topic, atOnce.name()), null);
        assertThat(inbox.takeBodies(1)).containsExactly(atOnce.name());
      }
    }
  }

  @Test
  void whatIsNotSignedIsRefused() throws Exception {
    try (Clients clients = clients("unsigned")) {
      DefaultMQProducer unsigned =
          routed(clients.started(clients.apart(new DefaultMQProducer(clients.group()))));
      assertRefused(unsigned, "shop-" + clients.topic(), "username cannot be null.");
    }
  }

  @Test
  void whatIsSignedWithAnotherSecretIsRefused() throws Exception {
    try (Clients clients = clients("wrong")) {
      assertRefused(
          producer(clients, key("shop", "another-secret")),
          "shop-" + clients.topic(),
          "check signature failed.");
    }
  }

  @Test
  void anUnknownUserIsRefusedByName() throws Exception {
    try (Clients clients = clients("unknown")) {
      assertRefused(
          producer(clients, key("nobody", SECRET)),
          "shop-" + clients.topic(),
          "User:nobody is not found.");
    }
  }

  @Test
  void aTopicWithoutPermissionIsRefusedByName() throws Exception {
    Judged.differsOnTheOriginal("its permissions are not in a file, but made with mqadmin");
    try (Clients clients = clients("permission")) {
      String topic = "other-" + clients.topic();
      assertRefused(
          producer(clients, key("shop", SECRET)),
          topic,
          "User:shop has no permission to access Topic:" + topic);
    }
  }
}
