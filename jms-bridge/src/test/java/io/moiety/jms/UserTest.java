package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.JMSSecurityRuntimeException;
import jakarta.jms.TemporaryQueue;
import jakarta.jms.Topic;
import jakarta.jms.XAConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** At a broker that knows its users: the factory's user, and one that is named for a connection. */
class UserTest {

  private static final String USERS =
      """
      {"users": [
        {"accessKey": "shop", "secretKey": "shop-secret", "topics": {"orders": "PUB|SUB"},
         "groups": {"orders": "SUB"}},
        {"accessKey": "press", "secretKey": "press-secret", "topics": {"news": "PUB|SUB"},
         "groups": {"news": "SUB"}},
        {"accessKey": "all", "secretKey": "all-secret", "topics": {"*": "PUB|SUB"},
         "groups": {"*": "SUB"}}
      ]}
      """;

  @TempDir Path directory;
  private Broker broker;

  @BeforeEach
  void start() throws IOException {
    Path users = Files.writeString(directory.resolve("users.json"), USERS);
    broker =
        Broker.start(
            BrokerConfig.of(
                Map.of(
                    "storePathRootDir",
                    directory.resolve("store").toString(),
                    "accessFile",
                    users.toString()),
                Profile.EMBEDDED));
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private <F extends MoietyFactory> F at(F factory) {
    factory.setAddresses("127.0.0.1:" + broker.address().getPort());
    factory.setUser("shop");
    factory.setPassword("shop-secret");
    return factory;
  }

  private static void sendAndReceive(JMSContext context, String queue) {
    context.createProducer().send(context.createQueue(queue), "hello");
    assertThat(context.createConsumer(context.createQueue(queue)).receiveBody(String.class, 10_000))
        .isEqualTo("hello");
  }

  @Test
  void theFactorysUserSigns() {
    try (JMSContext context = at(new MoietyConnectionFactory()).createContext()) {
      sendAndReceive(context, "orders");
    }
  }

  @Test
  void theUserOfAConnectionSignsInsteadOfTheFactorys() throws JMSException {
    try (JMSContext context =
        at(new MoietyConnectionFactory()).createContext("press", "press-secret")) {
      sendAndReceive(context, "news");
    }
    try (XAConnection connection =
        at(new MoietyXAConnectionFactory()).createXAConnection("press", "press-secret")) {
      assertThat(connection.createXASession().createQueue("news")).isNotNull();
    }
  }

  @Test
  void aUserOfAllTopicsAndGroupsNeedsNoAdministratorForAnyKindOfConsumer() throws JMSException {
    try (JMSContext context =
        at(new MoietyConnectionFactory()).createContext("all", "all-secret")) {
      context.setClientID("all-of-them");
      Topic topic = context.createTopic("everything");
      TemporaryQueue temporary = context.createTemporaryQueue();
      JMSConsumer ofTemporary = context.createConsumer(temporary);
      List<JMSConsumer> consumers =
          List.of(
              context.createConsumer(topic),
              context.createDurableConsumer(topic, "durable"),
              context.createSharedConsumer(topic, "shared"),
              context.createSharedDurableConsumer(topic, "shared-durable"),
              ofTemporary);
      context.createProducer().send(topic, "hello").send(temporary, "hello");
      for (JMSConsumer consumer : consumers) {
        assertThat(consumer.receiveBody(String.class, 10_000)).isEqualTo("hello");
        consumer.close();
      }
      context.unsubscribe("durable");
      context.unsubscribe("shared-durable");
      temporary.delete();
      sendAndReceive(context, "a-queue");
    }
  }

  @Test
  void aWrongPasswordIsASecurityException() {
    MoietyConnectionFactory factory = at(new MoietyConnectionFactory());
    assertThatThrownBy(() -> factory.createConnection("press", "wrong-secret"))
        .isInstanceOf(JMSSecurityException.class)
        .hasMessageContaining("check signature failed.");
    assertThatThrownBy(() -> factory.createQueueConnection("nobody", "press-secret"))
        .isInstanceOf(JMSSecurityException.class);
    assertThatThrownBy(() -> factory.createTopicConnection("nobody", "press-secret"))
        .isInstanceOf(JMSSecurityException.class);
    assertThatThrownBy(() -> factory.createContext("nobody", "press-secret"))
        .isInstanceOf(JMSSecurityRuntimeException.class);
  }

  @Test
  void aBlankNameIsASecurityException() {
    MoietyConnectionFactory factory = at(new MoietyConnectionFactory());
    assertThatThrownBy(() -> factory.createConnection(" ", "x"))
        .isInstanceOf(JMSSecurityException.class)
        .hasMessageContaining("name is blank");
    assertThatThrownBy(() -> factory.createContext(" ", "x"))
        .isInstanceOf(JMSSecurityRuntimeException.class);
    assertThatThrownBy(() -> at(new MoietyXAConnectionFactory()).createXAConnection(" ", "x"))
        .isInstanceOf(JMSSecurityException.class);
  }

  @Test
  void aDestinationWithoutPermissionIsASecurityException() {
    try (JMSContext context = at(new MoietyConnectionFactory()).createContext()) {
      assertThatThrownBy(() -> context.createProducer().send(context.createQueue("news"), "hello"))
          .isInstanceOf(JMSSecurityRuntimeException.class)
          .hasMessageContaining("User:shop has no permission to access Topic:news");
    }
  }
}
