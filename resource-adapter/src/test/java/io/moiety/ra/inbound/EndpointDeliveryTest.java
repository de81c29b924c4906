package io.moiety.ra.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.ra.inbound.EndpointDelivery.Outcome;
import io.moiety.ra.metrics.AdapterMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EndpointDeliveryTest {

  private final List<String> calls = new ArrayList<>();
  private final RecordedEndpoints endpoints = new RecordedEndpoints(calls);

  private Outcome deliver() throws Exception {
    return deliver(new RecordedMessage(calls));
  }

  private Outcome deliver(RecordedMessage message) throws Exception {
    return EndpointDelivery.to(
            Bean.of(endpoints, "queue orders", Optional.of(endpoints.transactions())),
            new AdapterMetrics(),
            NoRecovery.watch(),
            Optional.empty())
        .deliver(new FakeReceiver(), message);
  }

  @Test
  void handsOverInsideTheTransactionThatTheServerStarted() throws Exception {
    assertThat(deliver()).isEqualTo(Outcome.TAKEN);

    assertThat(calls)
        .containsExactly("create", "before", "handOver", "onMessage", "after", "release");
  }

  @Test
  void completesTheTransactionAndGivesBackWhenTheBeanThrows() throws Exception {
    endpoints.bean =
        message -> {
          throw new IllegalStateException("poison");
        };

    assertThat(deliver()).isEqualTo(Outcome.FAILED);

    assertThat(calls)
        .containsExactly(
            "create", "before", "handOver", "onMessage", "after", "giveBack", "release");
  }

  @Test
  void completesTheTransactionAlsoAfterAnError() throws Exception {
    endpoints.bean =
        message -> {
          throw new AssertionError("a bean may throw anything");
        };

    assertThat(deliver()).isEqualTo(Outcome.FAILED);

    assertThat(calls).contains("after", "giveBack", "release");
  }

  @Test
  void givesBackWhenTheTransactionDidNotCommit() throws Exception {
    endpoints.afterFails = true;

    assertThat(deliver()).isEqualTo(Outcome.FAILED);

    assertThat(calls).endsWith("after", "giveBack", "release");
  }

  @Test
  void givesBackWhenTheBeanAskedForARollback() throws Exception {
    endpoints.rollsBack = true;

    assertThat(deliver()).isEqualTo(Outcome.FAILED);

    assertThat(calls).endsWith("onMessage", "after", "giveBack", "release");
  }

  @Test
  void doesNotCountADeliveryThatTheServerWasNotReadyFor() throws Exception {
    endpoints.unavailable = true;

    assertThat(deliver()).isEqualTo(Outcome.UNAVAILABLE);

    assertThat(calls).containsExactly("create", "giveBack");
  }

  @Test
  void doesNotCountADeliveryWhoseTransactionDidNotStart() throws Exception {
    endpoints.beforeFails = true;

    assertThat(deliver()).isEqualTo(Outcome.UNAVAILABLE);

    assertThat(calls).containsExactly("create", "before", "giveBack", "release");
  }

  @Test
  void givesBackUncountedWhatAStoppedEndpointCouldNotBeginWith() throws Exception {
    endpoints.broken = "create";
    assertThat(deliver()).isEqualTo(Outcome.UNAVAILABLE);
    assertThat(calls).containsExactly("create", "giveBack");
    calls.clear();

    endpoints.broken = "before";
    assertThat(deliver()).isEqualTo(Outcome.UNAVAILABLE);
    assertThat(calls).containsExactly("create", "before", "giveBack", "release");
  }

  @Test
  void countsADeliveryWhoseTransactionCouldNotBeCompleted() throws Exception {
    endpoints.broken = "after";

    assertThat(deliver()).isEqualTo(Outcome.FAILED);

    assertThat(calls).endsWith("after", "giveBack", "release");
  }

  @Test
  void completesAlsoTheTransactionThatCallsOfUndeployedBeansHide() throws Exception {
    endpoints.hidingCalls = 2;

    assertThat(deliver()).isEqualTo(Outcome.FAILED);

    assertThat(calls).endsWith("onMessage", "after", "after", "after", "giveBack", "release");
    assertThat(endpoints.inTransaction).isFalse();
  }

  @Test
  void givesUpATransactionThatTheServerNeverCompletes() throws Exception {
    endpoints.hidingCalls = Integer.MAX_VALUE;

    assertThat(deliver()).isEqualTo(Outcome.FAILED);

    assertThat(calls).endsWith("after", "giveBack", "release").hasSizeLessThan(30);
  }

  @Test
  void givesBackUncountedWhatComesToAThreadThatIsInATransaction() throws Exception {
    endpoints.inTransaction = true;

    assertThat(deliver()).isEqualTo(Outcome.UNAVAILABLE);

    assertThat(calls).containsExactly("giveBack");
  }

  @Test
  void letsTheServerSuspendATransactionForABeanWithout() throws Exception {
    endpoints.inTransaction = true;
    endpoints.transacted = false;

    assertThat(deliver()).isEqualTo(Outcome.TAKEN);
  }

  @Test
  void keepsTheOutcomeOfAnEndpointThatCannotBeReleased() throws Exception {
    endpoints.broken = "release";

    assertThat(deliver()).isEqualTo(Outcome.TAKEN);
  }

  @Test
  void acknowledgesAfterTheBeanWithoutATransaction() throws Exception {
    endpoints.transacted = false;

    assertThat(deliver()).isEqualTo(Outcome.TAKEN);

    assertThat(calls)
        .containsExactly(
            "create without resource", "handOver", "onMessage", "acknowledge", "release");
  }

  @Test
  void isNoFailureOfTheBeanWhenTheAcknowledgementIsLost() throws Exception {
    endpoints.transacted = false;
    RecordedMessage message = new RecordedMessage(calls);
    message.acknowledgementLost = true;

    assertThat(deliver(message)).isEqualTo(Outcome.PROCESSED);

    assertThat(calls).endsWith("onMessage", "acknowledge", "giveBack", "release");
  }

  @Test
  void givesBackWhatTheBeanRefusedWithoutATransaction() throws Exception {
    endpoints.transacted = false;
    endpoints.bean =
        message -> {
          throw new IllegalStateException("poison");
        };

    assertThat(deliver()).isEqualTo(Outcome.FAILED);

    assertThat(calls)
        .containsExactly("create without resource", "handOver", "onMessage", "giveBack", "release");
  }
}
