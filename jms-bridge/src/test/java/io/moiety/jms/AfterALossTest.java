package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.client.ConsumerSpec;
import io.moiety.client.Delivery;
import jakarta.jms.TransactionRolledBackException;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a session holds for its application when its connection is lost. */
class AfterALossTest {

  private final FakeLink link = new FakeLink();
  private final DeliveryGate gate = new DeliveryGate();
  private final Deliveries deliveries = new Deliveries(link);
  private final LocalTransaction transaction =
      new LocalTransaction(link, deliveries, LostAnswers.over(link, branch -> {}));

  private @Nullable Delivery poll(Inbox inbox) {
    gate.lock();
    try {
      return inbox.pollForListener(10);
    } finally {
      gate.unlock();
    }
  }

  @Test
  void whatWasFetchedAheadIsNotHandedOverAnyMore() throws Exception {
    Inbox inbox =
        new Inbox(
            gate,
            deliveries,
            deliveries.open(),
            ConsumerSpec.of("group", "topic"),
            1,
            Clock.systemUTC());
    gate.start();
    Delivery first = Records.delivery(5, "x", 0);
    Delivery second = Records.delivery(6, "y", 0);
    link.consumers.get(0).answeredAtOnce = List.of(first, second);
    assertThat(poll(inbox)).isSameAs(first);
    inbox.lost();
    assertThat(poll(inbox)).isNull();
  }

  @Test
  void sendBehindReceiptsThatWereUndoneSaysThatTheTransactionIsRolledBack() throws Exception {
    link.resumes = true;
    deliveries.open();
    deliveries.seen(Records.delivery(5, "x", 0));
    assertThat(transaction.joinSend()).isPresent();
    transaction.rollback();
    deliveries.seen(Records.delivery(5, "x", 0));
    link.gaveBack = true;
    assertThatThrownBy(transaction::joinSend).isInstanceOf(TransactionRolledBackException.class);
  }

  /** Which is why it waits for no connection. */
  @Test
  void rollbackOfWhatIsUndoneAsksTheBrokerNothingOfTheBranch() throws Exception {
    assertThat(transaction.joinSend()).isPresent();
    link.connectionNumber = 1;
    transaction.rollback();
    assertThat(link.requests).containsExactly("start");
  }
}
