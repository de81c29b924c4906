package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.ra.inbound.MoietyActivationSpec;
import jakarta.jms.Destination;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.transaction.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a message-driven bean can say about its deliveries, with a real broker. */
@Timeout(120)
final class InboundDeliveryTest {

  private final List<String> seen = new CopyOnWriteArrayList<>();
  private TestServer server;

  @BeforeEach
  void start(@TempDir Path store) throws Exception {
    server = TestServer.start(store);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private MoietyActivationSpec activate(
      MessageEndpointFactory endpoints, String type, Consumer<MoietyActivationSpec> settings)
      throws Exception {
    MoietyActivationSpec spec = new MoietyActivationSpec();
    spec.setResourceAdapter(server.adapter());
    spec.setDestinationLookup("orders");
    spec.setDestinationType("jakarta.jms." + type);
    settings.accept(spec);
    server.adapter().endpointActivation(endpoints, spec);
    return spec;
  }

  private void send(String type, String text, String tag) throws Exception {
    try (JMSContext context = server.connectionFactory().createContext()) {
      Destination destination =
          type.equals("Queue") ? context.createQueue("orders") : context.createTopic("orders");
      context.createProducer().setProperty("JMS_MOIETY_Tags", tag).send(destination, text);
    }
  }

  private void send(String text) throws Exception {
    send("Queue", text, "any");
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

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody let the bean go");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void acknowledgesWithoutATransactionWhatTheBeanTook() throws Exception {
    MessageEndpointFactory endpoints =
        server.plainEndpoints(
            message -> {
              note(message);
              if (seen.size() == 1) {
                throw new IllegalStateException("the first time");
              }
            });
    MoietyActivationSpec spec = activate(endpoints, "Queue", ours -> {});
    send("a");

    await().until(() -> seen.size() == 2);
    assertThat(seen).containsExactly("a#1", "a#2");
    server.adapter().endpointDeactivation(endpoints, spec);
    assertThat(receive("orders", 200)).isNull();
  }

  @Test
  void waitsLongerBeforeEachFurtherDelivery() throws Exception {
    List<Long> times = new CopyOnWriteArrayList<>();
    activate(
        server.endpoints(
            message -> {
              times.add(System.nanoTime());
              throw new IllegalStateException("poison");
            }),
        "Queue",
        spec -> {
          spec.setMaxDeliveries(3);
          spec.setRedeliveryDelayMillis(200L);
          spec.setRedeliveryDelayFactor(3.0);
        });
    send("poison");

    assertThat(receive("%DLQ%orders", 20_000)).isEqualTo("poison");
    assertThat(times).hasSize(3);
    assertThat(times.get(1) - times.get(0)).isGreaterThanOrEqualTo(200_000_000L);
    assertThat(times.get(2) - times.get(1)).isGreaterThanOrEqualTo(600_000_000L);
  }

  @Test
  void aMessageWithoutALimitOfDeliveriesIsNoHotLoop() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    activate(
        server.endpoints(
            message -> {
              calls.incrementAndGet();
              throw new IllegalStateException("poison");
            }),
        "Queue",
        spec -> {
          spec.setMaxDeliveries(0);
          spec.setRedeliveryDelayMillis(300L);
          spec.setRedeliveryDelayFactor(1.0);
        });
    long before = System.nanoTime();
    send("poison");

    await().until(() -> calls.get() == 4);
    assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(900_000_000L);
  }

  @Test
  void aTransactionThatTimedOutBringsTheMessageAgain() throws Exception {
    activate(
        server.endpoints(
            message -> {
              note(message);
              if (seen.size() == 1) {
                await()
                    .pollInSameThread()
                    .until(() -> server.transactions().getStatus() != Status.STATUS_ACTIVE);
              }
            }),
        "Queue",
        spec -> {});
    server.transactionTimeoutSeconds(1);
    send("slow");

    await().atMost(30, TimeUnit.SECONDS).until(() -> seen.size() == 2);
    assertThat(seen).containsExactly("slow#1", "slow#2");
  }

  @Test
  void aBeanThatIsUndeployedWhileItIsBusyCommits() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    MessageEndpointFactory endpoints =
        server.endpoints(
            message -> {
              note(message);
              inside.countDown();
              awaitUninterruptibly(go);
            });
    MoietyActivationSpec spec = activate(endpoints, "Queue", ours -> {});
    send("a");
    assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();

    Thread undeploying =
        new Thread(() -> server.adapter().endpointDeactivation(endpoints, spec), "undeploying");
    undeploying.start();
    await().until(() -> undeploying.getState() == Thread.State.TIMED_WAITING);
    go.countDown();
    undeploying.join(20_000);

    assertThat(receive("orders", 200)).isNull();
    assertThat(server.adapter().access().metrics().committedCount()).isEqualTo(1);
  }

  @Test
  void fetchesAheadAndKeepsTheOrder() throws Exception {
    for (int i = 0; i < 20; i++) {
      send(Integer.toString(i));
    }
    AtomicInteger failures = new AtomicInteger();
    activate(
        server.endpoints(
            message -> {
              note(message);
              if (seen.size() == 5 && failures.getAndIncrement() == 0) {
                throw new IllegalStateException("once");
              }
            }),
        "Queue",
        spec -> {
          spec.setPrefetch(8);
          spec.setMaxConcurrency(1);
        });

    await().until(() -> seen.size() == 21);
    assertThat(seen.subList(3, 7)).containsExactly("3#1", "4#1", "4#2", "5#1");
    assertThat(seen.get(20)).isEqualTo("19#1");
  }

  @Test
  void receivesOnlyTheTagsThatItNames() throws Exception {
    activate(server.endpoints(this::note), "Queue", spec -> spec.setTags("red || green"));
    send("Queue", "1", "red");
    send("Queue", "2", "blue");
    send("Queue", "3", "green");

    await().until(() -> seen.size() == 2);
    assertThat(seen).containsExactlyInAnyOrder("1#1", "3#1");
    assertThat(receive("orders", 200)).isEqualTo("2");
  }

  @Test
  void aConsumerGroupKeepsItsMessagesWhileTheBeanIsAway() throws Exception {
    MessageEndpointFactory endpoints = server.endpoints(this::note);
    MoietyActivationSpec spec =
        activate(endpoints, "Topic", ours -> ours.setConsumerGroup("billing"));
    // A new group of a topic begins with what is sent once the bean is connected.
    await()
        .untilAsserted(
            () -> {
              send("Topic", "connected?", "any");
              assertThat(seen).isNotEmpty();
            });
    send("Topic", "1", "any");
    await().until(() -> seen.contains("1#1"));
    server.adapter().endpointDeactivation(endpoints, spec);
    send("Topic", "2", "any");

    activate(endpoints, "Topic", ours -> ours.setConsumerGroup("billing"));

    await().until(() -> seen.contains("2#1"));
    assertThat(seen)
        .filteredOn(text -> !text.startsWith("connected?"))
        .containsExactly("1#1", "2#1");
  }

  @Test
  void aDurableSubscriptionWithoutClientIdKeepsWhatIsSentWhileTheBeanIsNotDeployed()
      throws Exception {
    MessageEndpointFactory endpoints = server.plainEndpoints(this::note);
    Consumer<MoietyActivationSpec> durable =
        ours -> {
          ours.setSubscriptionDurability("Durable");
          ours.setSubscriptionName("audit");
        };
    MoietyActivationSpec spec = activate(endpoints, "Topic", durable);
    await()
        .untilAsserted(
            () -> {
              send("Topic", "connected?", "any");
              assertThat(seen).isNotEmpty();
            });
    server.adapter().endpointDeactivation(endpoints, spec);
    send("Topic", "meanwhile", "any");

    activate(endpoints, "Topic", durable);

    await().until(() -> seen.contains("meanwhile#1"));
  }

  @Test
  void aPoisonMessageOfASubscriptionThatEndsWithTheBeanIsDroppedAtLast() throws Exception {
    activate(
        server.endpoints(
            message -> {
              note(message);
              if (seen.get(0).startsWith("poison")
                  && !seen.get(seen.size() - 1).startsWith("good")) {
                throw new IllegalStateException("poison");
              }
            }),
        "Topic",
        spec -> {
          spec.setMaxDeliveries(2);
          spec.setMaxConcurrency(1);
          spec.setRedeliveryDelayMillis(10L);
        });
    await()
        .untilAsserted(
            () -> {
              send("Topic", "poison", "any");
              assertThat(seen).isNotEmpty();
            });
    await().until(() -> seen.contains("poison#2"));
    send("Topic", "good", "any");

    await().until(() -> seen.contains("good#1"));
    assertThat(seen).doesNotContain("poison#3");
  }
}
