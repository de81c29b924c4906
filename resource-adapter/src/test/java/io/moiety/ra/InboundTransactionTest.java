package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.ra.inbound.MoietyActivationSpec;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.transaction.SystemException;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Beans that receive in transactions, with a real broker and a real manager. */
@Timeout(120)
final class InboundTransactionTest {

  private static final String QUEUE = "orders";

  private final List<String> seen = new CopyOnWriteArrayList<>();
  private TestServer server;

  @TempDir private Path store;

  @AfterEach
  void stop() {
    server.close();
  }

  private MoietyActivationSpec activate(MessageListener bean) throws Exception {
    return activate(server.endpoints(bean));
  }

  private MoietyActivationSpec activate(MessageEndpointFactory endpoints) throws Exception {
    MoietyActivationSpec spec = new MoietyActivationSpec();
    spec.setResourceAdapter(server.adapter());
    spec.setDestinationLookup(QUEUE);
    spec.setDestinationType("jakarta.jms.Queue");
    spec.setMaxDeliveries(3);
    server.adapter().endpointActivation(endpoints, spec);
    return spec;
  }

  private void send(String text) throws Exception {
    try (JMSContext context = server.connectionFactory().createContext()) {
      context.createProducer().send(context.createQueue(QUEUE), text);
    }
  }

  private String receive(String queue, long timeoutMillis) throws Exception {
    try (JMSContext context = server.connectionFactory().createContext()) {
      return context
          .createConsumer(context.createQueue(queue))
          .receiveBody(String.class, timeoutMillis);
    }
  }

  private void note(Message message) {
    try {
      seen.add(message.getBody(String.class) + "#" + message.getIntProperty("JMSXDeliveryCount"));
    } catch (JMSException unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }

  @Test
  void commitsEachMessageOnce() throws Exception {
    server = TestServer.start(store);
    MessageEndpointFactory endpoints = server.endpoints(this::note);
    MoietyActivationSpec spec = activate(endpoints);
    for (int message = 0; message < 30; message++) {
      send(Integer.toString(message));
    }

    await().until(() -> seen.size() == 30);
    server.adapter().endpointDeactivation(endpoints, spec);
    assertThat(seen).doesNotHaveDuplicates().allMatch(text -> text.endsWith("#1"));
    assertThat(receive(QUEUE, 100)).isNull();
  }

  @Test
  void throwingBeanGetsTheMessageAgainAndAtLastItIsADeadLetter() throws Exception {
    server = TestServer.start(store);
    activate(
        message -> {
          note(message);
          throw new IllegalStateException("poison");
        });
    send("poison");

    assertThat(receive("%DLQ%" + QUEUE, 10_000)).isEqualTo("poison");
    assertThat(seen).containsExactly("poison#1", "poison#2", "poison#3");
  }

  @Test
  void setRollbackOnlyBringsTheMessageAgain() throws Exception {
    server = TestServer.start(store);
    activate(
        message -> {
          note(message);
          try {
            if (seen.size() == 1) {
              server.transactions().setRollbackOnly();
            }
          } catch (SystemException failure) {
            throw new IllegalStateException(failure);
          }
        });
    send("order");

    await().until(() -> seen.size() == 2);
    assertThat(seen).containsExactly("order#1", "order#2");
  }

  @Test
  void whatABeanSendsIsPartOfItsTransaction() throws Exception {
    server = TestServer.start(store);
    var factory = server.connectionFactory();
    activate(
        message -> {
          note(message);
          try (JMSContext context = factory.createContext()) {
            context.createProducer().send(context.createQueue("shipments"), "shipment");
          }
          if (seen.size() == 1) {
            throw new IllegalStateException("the first time");
          }
        });
    send("order");

    assertThat(receive("shipments", 10_000)).isEqualTo("shipment");
    assertThat(receive("shipments", 100)).isNull();
    assertThat(seen).containsExactly("order#1", "order#2");
  }

  @Test
  void goesOnAfterTheBrokerWasRestarted() throws Exception {
    int port = freePort();
    Broker broker = broker(port);
    server = TestServer.start(adapter -> adapter.setAddresses("127.0.0.1:" + port));
    activate(this::note);
    send("before");
    await().until(() -> seen.contains("before#1"));

    broker.close();
    try (Broker again = broker(port)) {
      assertThat(again.address().getPort()).isEqualTo(port);
      send("after");
      await().until(() -> seen.contains("after#1"));
      server.close();
    }
  }

  private Broker broker(int port) {
    return Broker.start(
        BrokerConfig.of(
            Map.of("storePathRootDir", store.toString(), "listenPort", Integer.toString(port)),
            Profile.EMBEDDED));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
