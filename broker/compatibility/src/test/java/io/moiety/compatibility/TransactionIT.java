package io.moiety.compatibility;

import static org.apache.rocketmq.client.producer.LocalTransactionState.COMMIT_MESSAGE;
import static org.apache.rocketmq.client.producer.LocalTransactionState.ROLLBACK_MESSAGE;
import static org.apache.rocketmq.client.producer.LocalTransactionState.UNKNOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.rocketmq.client.producer.LocalTransactionState;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.client.producer.TransactionListener;
import org.apache.rocketmq.client.producer.TransactionMQProducer;
import org.apache.rocketmq.client.producer.TransactionSendResult;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;
import org.junit.jupiter.api.Test;

/**
 * Half messages: decided at once, or by check-back. The judged brokers check first after two
 * seconds and then each second.
 */
@OnBroker
class TransactionIT {

  @Test
  void aCommittedMessageIsDelivered(Clients clients) throws Exception {
    String topic = clients.topic(1);
    Inbox inbox = consumed(clients, topic);
    Decisions decisions = Decisions.of(COMMIT_MESSAGE, ROLLBACK_MESSAGE);
    TransactionSendResult result =
        producer(clients, decisions)
            .sendMessageInTransaction(Clients.message(topic, "committed"), null);

    assertThat(result.getSendStatus()).isEqualTo(SendStatus.SEND_OK);
    assertThat(result.getLocalTransactionState()).isEqualTo(COMMIT_MESSAGE);
    assertThat(result.getTransactionId()).isEqualTo(result.getMsgId());
    assertThat(inbox.takeBodies(1)).containsExactly("committed");
  }

  @Test
  void aRolledBackMessageIsNeverSeen(Clients clients) throws Exception {
    String topic = clients.topic(1);
    Inbox inbox = consumed(clients, topic);
    Decisions decisions = Decisions.of(ROLLBACK_MESSAGE, ROLLBACK_MESSAGE);
    producer(clients, decisions)
        .sendMessageInTransaction(Clients.message(topic, "rolled back"), null);
    clients.send(topic, "plain");

    assertThat(inbox.takeBodies(1)).containsExactly("plain");
  }

  @Test
  void anUndecidedMessageIsNotSeenBeforeItsCheck(Clients clients) throws Exception {
    String topic = clients.topic(1);
    Inbox inbox = consumed(clients, topic);
    Decisions decisions = Decisions.of(UNKNOW, COMMIT_MESSAGE);
    List<String> seenWhenAsked = new CopyOnWriteArrayList<>();
    TransactionListener looking =
        new TransactionListener() {
          @Override
          public LocalTransactionState executeLocalTransaction(Message message, Object argument) {
            return decisions.executeLocalTransaction(message, argument);
          }

          @Override
          public LocalTransactionState checkLocalTransaction(MessageExt message) {
            seenWhenAsked.addAll(Inbox.bodies(inbox.untaken()));
            return decisions.checkLocalTransaction(message);
          }
        };
    clients.send(topic, "plain");
    producer(clients, looking).sendMessageInTransaction(Clients.message(topic, "half"), null);

    assertThat(Inbox.body(decisions.takeCheck())).isEqualTo("half");
    assertThat(seenWhenAsked).doesNotContain("half");
    assertThat(inbox.takeBodies(2)).containsExactlyInAnyOrder("plain", "half");
  }

  @Test
  void aMessageThatIsRolledBackByItsCheckIsNeverSeen(Clients clients) throws Exception {
    String topic = clients.topic(1);
    Inbox inbox = consumed(clients, topic);
    Decisions decisions = Decisions.of(UNKNOW, ROLLBACK_MESSAGE);
    producer(clients, decisions).sendMessageInTransaction(Clients.message(topic, "half"), null);
    decisions.takeCheck();
    clients.send(topic, "plain");

    assertThat(inbox.takeBodies(1)).containsExactly("plain");
    assertThat(inbox.untaken()).isEmpty();
  }

  @Test
  void aMessageThatItsCheckDoesNotDecideIsCheckedAgain(Clients clients) throws Exception {
    String topic = clients.topic(1);
    Decisions decisions = Decisions.of(UNKNOW, UNKNOW);
    producer(clients, decisions).sendMessageInTransaction(Clients.message(topic, "half"), null);

    assertThat(Inbox.body(decisions.takeCheck())).isEqualTo("half");
    assertThat(Inbox.body(decisions.takeCheck())).isEqualTo("half");
    assertThat(Inbox.body(decisions.takeCheck())).isEqualTo("half");
  }

  @Test
  void aListenerThatThrowsIsAskedLater(Clients clients) throws Exception {
    String topic = clients.topic(1);
    Inbox inbox = consumed(clients, topic);
    Decisions checks = Decisions.of(UNKNOW, COMMIT_MESSAGE);
    TransactionMQProducer producer =
        clients.transactionProducer(
            clients.group(),
            new TransactionListener() {
              @Override
              public LocalTransactionState executeLocalTransaction(
                  Message message, Object argument) {
                throw new IllegalStateException("the database is away");
              }

              @Override
              public LocalTransactionState checkLocalTransaction(MessageExt message) {
                return checks.checkLocalTransaction(message);
              }
            });
    producer.sendMessageInTransaction(Clients.message(topic, "half"), null);

    assertThat(inbox.takeBodies(1)).containsExactly("half");
    assertThat(checks.takeCheck().getTopic()).isEqualTo(topic);
  }

  @Test
  void aCommittedMessageKeepsWhatItWas(Clients clients) throws Exception {
    String topic = clients.topic(1);
    Inbox inbox = consumed(clients, topic);
    Message message = Clients.tagged(topic, "tag", "committed");
    message.setKeys("key");
    message.putUserProperty("colour", "green");
    TransactionSendResult result =
        producer(clients, Decisions.of(COMMIT_MESSAGE, COMMIT_MESSAGE))
            .sendMessageInTransaction(message, null);

    MessageExt committed = inbox.take();
    assertThat(committed.getTopic()).isEqualTo(topic);
    assertThat(committed.getTags()).isEqualTo("tag");
    assertThat(committed.getKeys()).isEqualTo("key");
    assertThat(committed.getUserProperty("colour")).isEqualTo("green");
    assertThat(committed.getMsgId()).isEqualTo(result.getMsgId());
    assertThat(committed.getTransactionId()).isEqualTo(result.getTransactionId());
    assertThat(committed.getPreparedTransactionOffset()).isPositive();
  }

  @Test
  void aCheckShowsTheMessageAsItWasSent(Clients clients) throws Exception {
    String topic = clients.topic(2);
    Message message = Clients.tagged(topic, "tag", "half");
    message.setKeys("key");
    message.putUserProperty("colour", "green");
    Decisions decisions = Decisions.of(UNKNOW, COMMIT_MESSAGE);
    TransactionSendResult result =
        producer(clients, decisions).sendMessageInTransaction(message, null);

    MessageExt check = decisions.takeCheck();
    assertThat(check.getTopic()).isEqualTo(topic);
    assertThat(check.getTags()).isEqualTo("tag");
    assertThat(check.getKeys()).isEqualTo("key");
    assertThat(check.getUserProperty("colour")).isEqualTo("green");
    assertThat(check.getTransactionId()).isEqualTo(result.getTransactionId());
    assertThat(check.getQueueId()).isEqualTo(result.getMessageQueue().getQueueId());
  }

  @Test
  void anotherMemberOfTheGroupIsAskedWhenTheSenderIsGone(Clients clients) throws Exception {
    String topic = clients.topic(1);
    String group = clients.group();
    Inbox inbox = consumed(clients, topic);
    TransactionMQProducer sender = clients.apart(new TransactionMQProducer(group));
    sender.setTransactionListener(Decisions.of(UNKNOW, ROLLBACK_MESSAGE));
    clients.started(sender).sendMessageInTransaction(Clients.message(topic, "half"), null);
    sender.shutdown();
    Decisions other = Decisions.of(UNKNOW, COMMIT_MESSAGE);
    TransactionMQProducer survivor = clients.apart(new TransactionMQProducer(group));
    survivor.setTransactionListener(other);
    clients.started(survivor).fetchPublishMessageQueues(topic);
    survivor.send(Clients.message(clients.topic(1), "so that it knows the broker"));

    assertThat(Inbox.body(other.takeCheck())).isEqualTo("half");
    assertThat(inbox.takeBodies(1)).containsExactly("half");
  }

  @Test
  void aMessageImmuneForAWhileIsNotCheckedBefore(Clients clients) throws Exception {
    String topic = clients.topic(1);
    Message message = Clients.message(topic, "half");
    message.putUserProperty("CHECK_IMMUNITY_TIME_IN_SECONDS", "5");
    Decisions decisions = Decisions.of(UNKNOW, COMMIT_MESSAGE);
    long sentMillis = System.currentTimeMillis();
    producer(clients, decisions).sendMessageInTransaction(message, null);
    decisions.takeCheck();

    assertThat(System.currentTimeMillis() - sentMillis).isGreaterThanOrEqualTo(5_000);
  }

  @Test
  void manyDecisionsAreEachObeyedOnce(Clients clients) throws Exception {
    Judged.knownDefectOfTheOriginal(
        "decisions are gathered for longer than transactionTimeOut: needless checks, duplicates");
    String topic = clients.topic(1);
    Inbox inbox = consumed(clients, topic);
    Decisions commits = Decisions.of(COMMIT_MESSAGE, COMMIT_MESSAGE);
    Decisions rollbacks = Decisions.of(ROLLBACK_MESSAGE, COMMIT_MESSAGE);
    TransactionMQProducer committing = producer(clients, commits);
    TransactionMQProducer rollingBack = producer(clients, rollbacks);
    List<String> committed = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      committed.add("committed " + i);
      committing.sendMessageInTransaction(Clients.message(topic, "committed " + i), null);
      rollingBack.sendMessageInTransaction(Clients.message(topic, "rolled back " + i), null);
    }
    assertThat(inbox.takeBodies(100)).containsExactlyInAnyOrderElementsOf(committed);
    // A later message is checked: by then those before it would have been.
    Decisions probe = Decisions.of(UNKNOW, ROLLBACK_MESSAGE);
    producer(clients, probe).sendMessageInTransaction(Clients.message(topic, "probe"), null);
    probe.takeCheck();

    assertThat(commits.untaken()).isEmpty();
    assertThat(rollbacks.untaken()).isEmpty();
    assertThat(inbox.untaken()).isEmpty();
  }

  private static TransactionMQProducer producer(Clients clients, TransactionListener listener)
      throws Exception {
    return clients.transactionProducer(clients.group(), listener);
  }

  private static Inbox consumed(Clients clients, String topic) throws Exception {
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), topic, inbox.listener());
    return inbox;
  }
}
