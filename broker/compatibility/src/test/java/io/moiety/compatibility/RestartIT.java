package io.moiety.compatibility;

import static org.apache.rocketmq.client.producer.LocalTransactionState.COMMIT_MESSAGE;
import static org.apache.rocketmq.client.producer.LocalTransactionState.UNKNOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The broker was killed and started again below its clients. One at a time: they share them. */
@TestInstance(Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
class RestartIT {

  private final JudgedBroker broker;
  private final Clients clients;
  private final String group;
  private final MessageQueue consumed;
  private final MessageQueue unconsumed;
  private final MessageQueue listened;
  private final MessageQueue delayed;
  private final MessageQueue undecided;
  private final Inbox listener = new Inbox();
  private final Decisions decisions = Decisions.of(UNKNOW, COMMIT_MESSAGE);

  RestartIT() throws Exception {
    broker = JudgedBroker.start(Map.of("flushDiskType", "SYNC_FLUSH"));
    clients = new Clients(broker, "restart");
    group = clients.group();
    consumed = clients.queue();
    unconsumed = clients.queue();
    listened = clients.queue();
    delayed = clients.queue();
    undecided = clients.queue();
  }

  @BeforeAll
  void killTheBrokerAndStartItAgain() throws Exception {
    DefaultMQPushConsumer stopped = clients.apart(clients.pushConsumer(group));
    Inbox inbox = new Inbox();
    clients.consume(stopped, consumed.getTopic(), "*", inbox.listener());
    clients.send(consumed, "consumed");
    assertThat(inbox.takeBodies(1)).containsExactly("consumed");
    clients.stop(stopped, consumed, 1);
    clients.send(unconsumed, "a", "b");
    clients.consume(clients.group(), listened.getTopic(), listener.listener());
    clients.send(listened, "before");
    assertThat(listener.takeBodies(1)).containsExactly("before");
    Message later = Clients.message(delayed.getTopic(), "delayed");
    later.setDelayTimeLevel(2);
    clients.producer().send(later, delayed);
    clients
        .transactionProducer(clients.group(), decisions)
        .sendMessageInTransaction(Clients.message(undecided.getTopic(), "half"), null);

    broker.kill();
    broker.startAgain();
  }

  @AfterAll
  void close() throws IOException {
    clients.close();
    broker.close();
  }

  /** Both sides keep offsets some seconds later than they are told: something may come twice. */
  @Test
  void aGroupGoesOnAndMissesNothing() throws Exception {
    sendWhenItIsBack(consumed, "new");
    Inbox inbox = new Inbox();
    clients.consume(
        clients.apart(clients.pushConsumer(group)), consumed.getTopic(), "*", inbox.listener());

    List<String> heard = new ArrayList<>();
    while (!heard.contains("new")) {
      heard.add(Inbox.body(inbox.take()));
    }
    assertThat(heard).last().isEqualTo("new");
  }

  @Test
  void whatWasStoredAndNotConsumedIsThere() throws Exception {
    assertThat(Inbox.bodies(receive(unconsumed, 2))).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void aProducerAndAConsumerThatStayedGoOn() throws Exception {
    sendWhenItIsBack(listened, "after");

    List<String> heard = new ArrayList<>();
    while (!heard.contains("after")) {
      heard.add(Inbox.body(listener.take()));
    }
    assertThat(heard).contains("after");
  }

  @Test
  void aDelayedMessageStillComes() throws Exception {
    assertThat(Inbox.bodies(receive(delayed, 1))).containsExactly("delayed");
  }

  @Test
  void anUndecidedMessageIsStillChecked() throws Exception {
    assertThat(Inbox.bodies(receive(undecided, 1))).containsExactly("half");
    assertThat(Inbox.body(decisions.takeCheck())).isEqualTo("half");
  }

  private List<MessageExt> receive(MessageQueue queue, int count) throws Exception {
    Inbox inbox = new Inbox();
    clients.consume(
        clients.apart(clients.pushConsumer(clients.group())),
        queue.getTopic(),
        "*",
        inbox.listener());
    return inbox.take(count);
  }

  private void sendWhenItIsBack(MessageQueue queue, String body) {
    await()
        .atMost(Duration.ofSeconds(Inbox.LIMIT_SECONDS))
        .ignoreExceptions()
        .until(() -> clients.send(queue, body).size() == 1);
  }
}
