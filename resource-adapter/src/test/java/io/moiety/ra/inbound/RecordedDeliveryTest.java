package io.moiety.ra.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.ra.checkback.ReceivedMessages;
import io.moiety.ra.inbound.EndpointDelivery.Outcome;
import io.moiety.ra.metrics.AdapterMetrics;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RecordedDeliveryTest {

  private final List<String> calls = new ArrayList<>();
  private final RecordedEndpoints endpoints = new RecordedEndpoints(calls);
  private final Rows rows = new Rows();

  private Outcome deliver() throws Exception {
    return deliver(1);
  }

  private Outcome deliver(int deliveryCount) throws Exception {
    return deliver(new RecordedMessage(calls, deliveryCount));
  }

  private Outcome deliver(RecordedMessage message) throws Exception {
    calls.clear();
    return EndpointDelivery.to(
            Bean.of(endpoints, "queue orders", Optional.of(endpoints.transactions())),
            new AdapterMetrics(),
            NoRecovery.watch(),
            Optional.of((ReceivedMessages) rows))
        .deliver(new FakeReceiver(), message);
  }

  @Test
  void recordsAndConfirmsBeforeTheBeanAndAcknowledgesAfterItsTransaction() throws Exception {
    assertThat(deliver()).isEqualTo(Outcome.TAKEN);

    assertThat(calls)
        .containsExactly(
            "create without resource",
            "before",
            "record",
            "confirmHandOver",
            "handOver",
            "onMessage",
            "after",
            "acknowledge",
            "release");
  }

  @Test
  void givesBackUncountedWhatComesToAThreadThatIsInATransaction() throws Exception {
    endpoints.inTransaction = true;

    assertThat(deliver(2)).isEqualTo(Outcome.UNAVAILABLE);

    assertThat(calls).containsExactly("giveBack");
  }

  @Test
  void acknowledgesWithoutTheBeanWhatWasProcessedBefore() throws Exception {
    rows.processed = true;

    assertThat(deliver(2)).isEqualTo(Outcome.TAKEN);

    assertThat(calls).containsExactly("look", "acknowledge");
  }

  @Test
  void countsADeliveryWhoseTransactionWasRolledBack() throws Exception {
    rows.commits = false;

    assertThat(deliver()).isEqualTo(Outcome.FAILED);

    assertThat(calls).endsWith("onMessage", "after", "look", "giveBack", "release");
  }

  @Test
  void takesTheTablesWordWhenTheServerReportsARollback() throws Exception {
    rows.commits = false;
    rows.processed = true;

    assertThat(deliver()).isEqualTo(Outcome.TAKEN);

    assertThat(calls).endsWith("after", "look", "acknowledge", "release");
  }

  @Test
  void countsADeliveryThatTheBeanRefusedWithoutAskingTheTable() throws Exception {
    rows.commits = false;
    endpoints.bean =
        message -> {
          throw new AssertionError("a bean may throw anything");
        };

    assertThat(deliver()).isEqualTo(Outcome.FAILED);

    assertThat(calls).endsWith("onMessage", "after", "giveBack", "release");
  }

  @Test
  void callsNoBeanWhoseTransactionDoesNotTakeTheRow() throws Exception {
    rows.failure = new SQLException("no connection");

    assertThat(deliver()).isEqualTo(Outcome.UNAVAILABLE);

    assertThat(calls).endsWith("before", "record", "after", "look", "giveBack", "release");
  }

  @Test
  void acknowledgesWhatTheTableKnowsAndTheBrokerTakesForNew() throws Exception {
    rows.failure = new SQLException("The message was processed already");
    rows.processed = true;

    assertThat(deliver(1)).isEqualTo(Outcome.TAKEN);

    assertThat(calls).endsWith("record", "after", "look", "acknowledge", "release");
  }

  @Test
  void givesTheTransactionUpWhenTheMessageIsLeasedToAnother() throws Exception {
    RecordedMessage message = new RecordedMessage(calls);
    message.leaseLost = true;

    assertThat(deliver(message)).isEqualTo(Outcome.UNAVAILABLE);

    assertThat(calls).endsWith("give up", "after", "look", "giveBack", "release");
  }

  @Test
  void isNoFailureOfTheBeanWhenTheAcknowledgementIsLost() throws Exception {
    RecordedMessage message = new RecordedMessage(calls);
    message.acknowledgementLost = true;

    assertThat(deliver(message)).isEqualTo(Outcome.PROCESSED);

    assertThat(calls).endsWith("onMessage", "after", "acknowledge", "giveBack", "release");
  }

  @Test
  void asksAgainLaterWhenTheTableDoesNotSayWhetherItWasProcessed() throws Exception {
    rows.lookFailure = new SQLException("no connection");

    assertThat(deliver(2)).isEqualTo(Outcome.UNAVAILABLE);

    assertThat(calls).containsExactly("look", "giveBack");
  }

  @Test
  void givesBackUncountedWhateverPoolsAndDriversThrowBeforeTheBean() throws Exception {
    rows.lookFailure = new IllegalStateException("the pool is closed");
    assertThat(deliver(2)).isEqualTo(Outcome.UNAVAILABLE);
    assertThat(calls).containsExactly("look", "giveBack");

    rows.lookFailure = null;
    rows.failure = new NoClassDefFoundError("a driver of an application that is gone");
    assertThat(deliver()).isEqualTo(Outcome.UNAVAILABLE);
    assertThat(calls).endsWith("record", "after", "look", "giveBack", "release");
  }

  @Test
  void givesBackUncountedWhatAStoppedEndpointCouldNotBeginWith() throws Exception {
    endpoints.broken = "create";
    assertThat(deliver()).isEqualTo(Outcome.UNAVAILABLE);
    assertThat(calls).containsExactly("create without resource", "giveBack");

    endpoints.broken = "before";
    assertThat(deliver()).isEqualTo(Outcome.UNAVAILABLE);
    assertThat(calls).containsExactly("create without resource", "before", "giveBack", "release");
  }

  @Test
  void takesTheTransactionsWordWhenTheServerThrowsAfterIt() throws Exception {
    endpoints.broken = "after";
    assertThat(deliver()).isEqualTo(Outcome.TAKEN);

    rows.commits = false;
    assertThat(deliver()).isEqualTo(Outcome.FAILED);
    assertThat(calls).endsWith("after", "look", "giveBack", "release");
  }

  @Test
  void keepsTheOutcomeOfAnEndpointThatCannotBeReleased() throws Exception {
    endpoints.broken = "release";

    assertThat(deliver()).isEqualTo(Outcome.TAKEN);
  }

  /** A table in which the test says what is. */
  private final class Rows implements ReceivedMessages {

    private boolean commits = true;
    private boolean processed;
    private Throwable failure;
    private Throwable lookFailure;

    @Override
    public boolean wasProcessed(String group, String messageId) throws SQLException {
      calls.add("look");
      fail(lookFailure);
      return processed;
    }

    @Override
    public Processing record(String group, String messageId) throws SQLException {
      calls.add("record");
      fail(failure);
      return () -> commits;
    }

    @Override
    public void giveUp() {
      calls.add("give up");
    }

    private static void fail(Throwable cause) throws SQLException {
      if (cause instanceof SQLException failure) {
        throw failure;
      }
      if (cause instanceof RuntimeException failure) {
        throw failure;
      }
      if (cause instanceof Error failure) {
        throw failure;
      }
    }
  }
}
