package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.client.ConnectionLostException;
import jakarta.jms.JMSException;
import jakarta.jms.TransactionRolledBackException;
import org.junit.jupiter.api.Test;

class NextBranchTest {

  private static final long LONG_MILLIS = 3_600_000;

  private final FakeLink link = new FakeLink();

  @Test
  void aSessionThatCommitsAgainAndAgainWaitsForNoStart() throws Exception {
    NextBranch branches = new NextBranch(link, LONG_MILLIS);
    branches.take();
    branches.committing();
    branches.take();
    assertThat(link.requests).containsExactly("start", "start");

    branches.committing();
    assertThat(link.requests).hasSize(3);
    branches.take();
    assertThat(link.requests).containsExactly("start", "start", "start");
  }

  @Test
  void aSessionThatCommitsNowAndThenLeavesNoBranchOpen() throws Exception {
    NextBranch branches = new NextBranch(link, 1);
    branches.take();
    branches.committing();
    Deadline later = Deadline.afterMillis(5);
    await().until(later::hasPassed);
    branches.committing();
    assertThat(link.requests).containsExactly("start");
  }

  @Test
  void aBranchThatIsNotUsedSoonIsGivenUpForANewOne() throws Exception {
    NextBranch branches = new NextBranch(link, 200);
    branches.committing();
    branches.committing();
    assertThat(link.requests).containsExactly("start");
    Deadline later = Deadline.afterMillis(250);
    await().until(later::hasPassed);

    branches.take();
    assertThat(link.requests).containsExactly("start", "end", "rollback", "start");
  }

  @Test
  void aBranchThatCouldNotBeStartedAheadIsStartedWhenItIsNeeded() throws Exception {
    NextBranch branches = new NextBranch(link, LONG_MILLIS);
    link.failures.put("start", new ConnectionLostException("lost", true));
    branches.committing();
    branches.committing();
    link.failures.clear();

    assertThat(branches.take()).isNotNull();
    assertThat(link.requests).containsExactly("start", "start");
  }

  @Test
  void aBranchThatWasStartedAheadOnALostConnectionIsGivenUp() throws Exception {
    NextBranch branches = new NextBranch(link, LONG_MILLIS);
    branches.committing();
    branches.committing();
    link.connectionNumber = 1;

    assertThat(branches.take().connectionNumber()).isEqualTo(1);
    assertThat(link.requests).containsExactly("start", "end", "rollback", "start");
  }

  @Test
  void aStartThatWaitedForAConnectionInVainIsNotRepeated() {
    NextBranch branches = new NextBranch(link, LONG_MILLIS);
    link.failures.put("start", LinkLostException.notMadeAgain(15_000));
    assertThatThrownBy(branches::take)
        .isInstanceOf(JMSException.class)
        .isNotInstanceOf(TransactionRolledBackException.class);
    assertThat(link.requests).containsExactly("start");
  }

  @Test
  void aStartThatIsLostIsRepeatedAFewTimes() {
    NextBranch branches = new NextBranch(link, LONG_MILLIS);
    link.failures.put("start", new LinkLostException("lost"));
    assertThatThrownBy(branches::take).isInstanceOf(TransactionRolledBackException.class);
    assertThat(link.requests).containsExactly("start", "start", "start");
  }

  @Test
  void aStartThatIsLostForGoodIsNotRepeated() {
    NextBranch branches = new NextBranch(link, LONG_MILLIS);
    link.failures.put("start", new LinkLostException("lost"));
    link.open = false;
    assertThatThrownBy(branches::take)
        .isInstanceOf(JMSException.class)
        .isNotInstanceOf(TransactionRolledBackException.class);
    assertThat(link.requests).containsExactly("start");
  }

  @Test
  void theSessionsEndRollsBackWhatWasNotUsed() {
    NextBranch branches = new NextBranch(link, LONG_MILLIS);
    branches.committing();
    branches.committing();
    branches.close();

    assertThat(link.requests).containsExactly("start", "end", "rollback");
  }
}
