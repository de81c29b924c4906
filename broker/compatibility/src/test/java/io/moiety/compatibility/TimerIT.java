package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Messages with an exact delay, and their recall. */
@OnBroker("recallMessageEnable=true")
@Tag(ClientVersion.ONLY_5)
class TimerIT {

  @Test
  void aDelayInSecondsIsKept(Clients clients) throws Exception {
    Message message = Clients.message(clients.topic(1), "later");
    message.setDelayTimeSec(3);
    assertDelayed(clients, message, 2_000);
  }

  @Test
  void aDelayInMillisecondsIsKept(Clients clients) throws Exception {
    Message message = Clients.message(clients.topic(1), "later");
    message.setDelayTimeMs(3_500);
    assertDelayed(clients, message, 2_000);
  }

  @Test
  void aTimeOfDeliveryIsKeptAndTold(Clients clients) throws Exception {
    Message message = Clients.message(clients.topic(1), "later");
    long deliverMillis = System.currentTimeMillis() + 3_500;
    message.setDeliverTimeMs(deliverMillis);
    MessageExt arrived = assertDelayed(clients, message, 2_000);
    assertThat(arrived.getProperty("TIMER_DELIVER_MS")).isEqualTo(Long.toString(deliverMillis));
    assertThat(Long.parseLong(arrived.getProperty("TIMER_OUT_MS")))
        .isBetween(deliverMillis - 1_000, deliverMillis);
  }

  @Test
  void aTimeThatIsPastMeansAtOnce(Clients clients) throws Exception {
    Message message = Clients.message(clients.topic(1), "now");
    message.setDeliverTimeMs(System.currentTimeMillis() - 1);
    assertDelayed(clients, message, 0);
  }

  @Test
  void anExactDelayIsNeverShorterThanItWasAskedFor(Clients clients) throws Exception {
    Judged.differsOnTheOriginal("its times are rounded down to whole seconds");
    Message message = Clients.message(clients.topic(1), "later");
    message.setDelayTimeMs(1_700);
    assertDelayed(clients, message, 1_700);
  }

  @Test
  void aDelayBeyondThreeDaysIsTaken(Clients clients) throws Exception {
    Judged.differsOnTheOriginal("it refuses more than three days with 13; Moiety takes a year");
    Message message = Clients.message(clients.topic(1), "in a month");
    message.setDelayTimeSec(Duration.ofDays(30).toSeconds());
    assertThat(clients.producer().send(message).getRecallHandle()).isNotBlank();
  }

  @Test
  void aDelayBeyondTheLimitIsRefused(Clients clients) throws Exception {
    Message message = Clients.message(clients.topic(1), "never");
    message.setDelayTimeSec(Duration.ofDays(400).toSeconds());
    BrokerAnswer.assertCode(13, () -> clients.producer().send(message));
  }

  @Test
  void aRecalledMessageIsNotDelivered(Clients clients) throws Exception {
    String topic = clients.topic(1);
    SendResult recalled = delayed(clients, topic, "recalled", 4);
    SendResult kept = delayed(clients, topic, "kept", 5);
    assertThat(recalled.getRecallHandle()).isNotEqualTo(kept.getRecallHandle());
    assertThat(clients.producer().recallMessage(topic, recalled.getRecallHandle()))
        .isEqualTo(recalled.getMsgId());
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), topic, inbox.listener());

    assertThat(inbox.takeBodies(1)).containsExactly("kept");
  }

  @Test
  void aRecallIsKnownAfterACrash(Clients unused) throws Exception {
    try (JudgedBroker broker =
            JudgedBroker.start(
                Map.of("flushDiskType", "SYNC_FLUSH", "recallMessageEnable", "true"));
        Clients clients = new Clients(broker, "recall")) {
      String topic = clients.topic(1);
      SendResult recalled = delayed(clients, topic, "recalled", 8);
      delayed(clients, topic, "kept", 9);
      clients.producer().recallMessage(topic, recalled.getRecallHandle());

      broker.kill();
      broker.startAgain();

      Inbox inbox = new Inbox();
      clients.consume(clients.group(), topic, inbox.listener());
      assertThat(inbox.takeBodies(1)).containsExactly("kept");
    }
  }

  @Test
  void aMessageIsRecalledOnce(Clients clients) throws Exception {
    Judged.differsOnTheOriginal("it answers success to every recall in time");
    String topic = clients.topic(1);
    String handle = delayed(clients, topic, "recalled", 600).getRecallHandle();
    clients.producer().recallMessage(topic, handle);
    BrokerAnswer.assertCode(604, () -> clients.producer().recallMessage(topic, handle));
  }

  @Test
  void aDeliveredMessageCannotBeRecalled(Clients clients) throws Exception {
    String topic = clients.topic(1);
    String handle = delayed(clients, topic, "delivered", 1).getRecallHandle();
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), topic, inbox.listener());
    inbox.take();
    BrokerAnswer.assertCode(604, () -> clients.producer().recallMessage(topic, handle));
  }

  @Test
  void aMessageThatDoesNotWaitHasNoHandle(Clients clients) throws Exception {
    String topic = clients.topic(1);
    assertThat(clients.send(topic, "now").get(0).getRecallHandle()).isNull();
    Message level = Clients.message(topic, "level");
    level.setDelayTimeLevel(1);
    assertThat(clients.producer().send(level).getRecallHandle()).isNull();
  }

  private static SendResult delayed(Clients clients, String topic, String body, long seconds)
      throws Exception {
    Message message = Clients.message(topic, body);
    message.setDelayTimeSec(seconds);
    return clients.producer().send(message);
  }

  /** Sends it and waits until it has come, which must not be earlier. */
  private static MessageExt assertDelayed(Clients clients, Message message, long atLeastMillis)
      throws Exception {
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), message.getTopic(), inbox.listener());
    long beginNanos = System.nanoTime();
    clients.producer().send(message);
    MessageExt arrived = inbox.take();
    assertThat(Duration.ofNanos(System.nanoTime() - beginNanos).toMillis())
        .isGreaterThanOrEqualTo(atLeastMillis);
    return arrived;
  }
}
