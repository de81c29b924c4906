package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.client.Branch;
import io.moiety.client.BranchCounts;
import io.moiety.client.ConnectionLostException;
import io.moiety.protocol.BranchXid;
import jakarta.jms.JMSException;
import jakarta.jms.TransactionRolledBackException;
import org.junit.jupiter.api.Test;

class SessionBranchesTest {

  private static final long LONG_MILLIS = 3_600_000;
  private static final Branch BRANCH =
      new Branch(new BranchXid(1, new byte[] {1}, new byte[] {2}), 7);

  private final FakeLink link = new FakeLink();

  private void commit(SessionBranches branches) {
    branches.commit(BRANCH, new BranchCounts(1, 0));
  }

  @Test
  void aSessionThatCommitsAgainAndAgainStartsWithItsCommits() throws Exception {
    SessionBranches branches = new SessionBranches(link, LONG_MILLIS);
    branches.take();
    commit(branches);
    branches.take();
    assertThat(link.requests).containsExactly("start", "endAndCommit", "start");

    commit(branches);
    branches.take();
    commit(branches);
    branches.take();
    assertThat(link.requests)
        .containsExactly("start", "endAndCommit", "start", "commitAndStart", "commitAndStart");
  }

  @Test
  void aSessionThatCommitsNowAndThenLeavesNoBranchOpen() throws Exception {
    SessionBranches branches = new SessionBranches(link, 1);
    commit(branches);
    Deadline later = Deadline.afterMillis(5);
    await().until(later::hasPassed);
    commit(branches);
    assertThat(link.requests).containsExactly("endAndCommit", "endAndCommit");
  }

  @Test
  void aBranchThatIsNotUsedSoonIsGivenUpForANewOne() throws Exception {
    SessionBranches branches = new SessionBranches(link, 200);
    commit(branches);
    commit(branches);
    assertThat(link.requests).containsExactly("endAndCommit", "commitAndStart");
    Deadline later = Deadline.afterMillis(250);
    await().until(later::hasPassed);

    link.requests.clear();
    branches.take();
    assertThat(link.requests).containsExactly("end", "rollback", "start");
  }

  @Test
  void aBranchThatAFailedCommitDidNotStartIsStartedWhenItIsNeeded() throws Exception {
    SessionBranches branches = new SessionBranches(link, LONG_MILLIS);
    commit(branches);
    link.failures.put("commitAndStart", new ConnectionLostException("lost", true));
    commit(branches);

    link.requests.clear();
    assertThat(branches.take()).isNotNull();
    assertThat(link.requests).containsExactly("start");
  }

  @Test
  void aBranchThatTheBrokerCouldNotStartByACommitIsStartedWhenItIsNeeded() throws Exception {
    SessionBranches branches = new SessionBranches(link, LONG_MILLIS);
    link.startsNext = false;
    commit(branches);
    commit(branches);

    link.requests.clear();
    assertThat(branches.take()).isNotNull();
    assertThat(link.requests).containsExactly("start");
  }

  @Test
  void aBranchThatWasStartedAheadOnALostConnectionIsGivenUp() throws Exception {
    SessionBranches branches = new SessionBranches(link, LONG_MILLIS);
    commit(branches);
    commit(branches);
    link.connectionNumber = 1;

    link.requests.clear();
    assertThat(branches.take().connectionNumber()).isEqualTo(1);
    assertThat(link.requests).containsExactly("end", "rollback", "start");
  }

  @Test
  void aStartThatWaitedForAConnectionInVainIsNotRepeated() {
    SessionBranches branches = new SessionBranches(link, LONG_MILLIS);
    link.failures.put("start", LinkLostException.notMadeAgain(15_000));
    assertThatThrownBy(branches::take)
        .isInstanceOf(JMSException.class)
        .isNotInstanceOf(TransactionRolledBackException.class);
    assertThat(link.requests).containsExactly("start");
  }

  @Test
  void aStartThatIsLostIsRepeatedAFewTimes() {
    SessionBranches branches = new SessionBranches(link, LONG_MILLIS);
    link.failures.put("start", new LinkLostException("lost"));
    assertThatThrownBy(branches::take).isInstanceOf(TransactionRolledBackException.class);
    assertThat(link.requests).containsExactly("start", "start", "start");
  }

  @Test
  void aStartThatIsLostForGoodIsNotRepeated() {
    SessionBranches branches = new SessionBranches(link, LONG_MILLIS);
    link.failures.put("start", new LinkLostException("lost"));
    link.open = false;
    assertThatThrownBy(branches::take)
        .isInstanceOf(JMSException.class)
        .isNotInstanceOf(TransactionRolledBackException.class);
    assertThat(link.requests).containsExactly("start");
  }

  @Test
  void theSessionsEndRollsBackWhatWasNotUsed() {
    SessionBranches branches = new SessionBranches(link, LONG_MILLIS);
    commit(branches);
    commit(branches);
    link.requests.clear();
    branches.close();

    assertThat(link.requests).containsExactly("end", "rollback");
  }
}
