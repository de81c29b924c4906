package io.moiety.compatibility;

import static org.apache.rocketmq.client.producer.LocalTransactionState.COMMIT_MESSAGE;
import static org.apache.rocketmq.client.producer.LocalTransactionState.UNKNOW;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.rocketmq.client.producer.TransactionMQProducer;
import org.apache.rocketmq.common.message.Message;
import org.junit.jupiter.api.Test;

/** What uses up the checks of a half message, of which there are two here. */
@OnBroker("transactionCheckMax=2")
class CheckBudgetIT {

  @Test
  void theTimeOfImmunityUsesUpNoCheck(Clients clients) throws Exception {
    Judged.knownDefectOfTheOriginal(
        "rounds of checks during a half message's immunity are counted, and it is given up");
    String topic = clients.topic(1);
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), topic, inbox.listener());
    Decisions decisions = Decisions.of(UNKNOW, COMMIT_MESSAGE);
    Message message = Clients.message(topic, "half");
    message.putUserProperty("CHECK_IMMUNITY_TIME_IN_SECONDS", "7");
    clients.transactionProducer(clients.group(), decisions).sendMessageInTransaction(message, null);

    assertThat(Inbox.body(decisions.takeCheck())).isEqualTo("half");
    assertThat(inbox.takeBodies(1)).containsExactly("half");
  }

  @Test
  void theTimeWithoutAProducerUsesUpNoCheck(Clients clients) throws Exception {
    Judged.knownDefectOfTheOriginal(
        "rounds of checks while nobody of the group is connected are counted, and it is given up");
    String topic = clients.topic(1);
    String group = clients.group();
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), topic, inbox.listener());
    TransactionMQProducer gone = clients.apart(new TransactionMQProducer(group));
    gone.setTransactionListener(Decisions.of(UNKNOW, UNKNOW));
    clients.started(gone).sendMessageInTransaction(Clients.message(topic, "half"), null);
    gone.shutdown();
    // Another group's message of the same age is checked as often as may be: time has passed.
    Decisions witness = Decisions.of(UNKNOW, UNKNOW);
    clients
        .transactionProducer(clients.group(), witness)
        .sendMessageInTransaction(Clients.message(topic, "witness"), null);
    witness.takeCheck();
    witness.takeCheck();
    Decisions decisions = Decisions.of(UNKNOW, COMMIT_MESSAGE);
    clients
        .transactionProducer(group, decisions)
        .send(Clients.message(clients.topic(1), "so that it knows the broker"));

    assertThat(Inbox.body(decisions.takeCheck())).isEqualTo("half");
    assertThat(inbox.takeBodies(1)).containsExactly("half");
  }

  @Test
  void aMessageThatNoCheckDecidesIsParked(Clients clients) throws Exception {
    String topic = clients.topic(1);
    Inbox inbox = new Inbox();
    clients.consume(clients.group(), topic, inbox.listener());
    Decisions never = Decisions.of(UNKNOW, UNKNOW);
    clients
        .transactionProducer(clients.group(), never)
        .sendMessageInTransaction(Clients.message(topic, "half"), null);
    never.takeCheck();
    never.takeCheck();
    // Later messages are checked twice, too; the first one is not checked a third time.
    Decisions witness = Decisions.of(UNKNOW, UNKNOW);
    clients
        .transactionProducer(clients.group(), witness)
        .sendMessageInTransaction(Clients.message(topic, "witness"), null);
    witness.takeCheck();
    witness.takeCheck();

    assertThat(never.untaken()).isEmpty();
    assertThat(inbox.untaken()).isEmpty();
  }
}
