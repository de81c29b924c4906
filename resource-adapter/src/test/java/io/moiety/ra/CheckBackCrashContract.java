package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.transaction.RollbackException;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Messages and one ordinary data source agree, whoever dies where, and whatever answer gets lost.
 */
abstract class CheckBackCrashContract extends CheckBackFixture {

  /** Servers report it as a rollback; the database has committed. */
  @Test
  void believesTheTableWhenTheAnswerToTheCommitGotLost() throws Exception {
    dataSource.onCommit(
        connection -> {
          connection.commit();
          throw new XAException(XAException.XA_RBCOMMFAIL);
        });
    transactions().begin();
    order("1");
    assertThatThrownBy(() -> transactions().commit()).isInstanceOf(RollbackException.class);

    awaitReceived("orders", "1");
    assertThat(database.count("ORDERS")).isEqualTo(1);
    await().atMost(LONG).until(() -> rows("COMMITTED") == 0);
    assertThat(shown("Committed")).isEqualTo(1L);
    assertThat(shown("RolledBack")).isEqualTo(0L);
  }

  @Test
  void rollsBackWhenTheDatabaseRefusesTheCommit() throws Exception {
    dataSource.onCommit(
        connection -> {
          connection.rollback();
          throw new XAException(XAException.XA_RBINTEGRITY);
        });
    transactions().begin();
    order("1");
    assertThatThrownBy(() -> transactions().commit()).isInstanceOf(RollbackException.class);

    awaitNothingOpen();
    assertThat(receiveNow("orders")).isNull();
    assertThat(rows("ROLLED_BACK")).isEqualTo(1);
    assertThat(shown("Committed")).isEqualTo(0L);
    assertThat(shown("RolledBack")).isEqualTo(1L);
  }

  @Test
  void anotherNodeDeliversWhatADeadOneHasCommitted() throws Exception {
    newNode();
    dataSource.onCommit(
        connection -> {
          connection.commit();
          node.adapter().stop();
        });
    transactions().begin();
    order("1");
    transactions().commit();

    awaitReceived("orders", "1");
    assertThat(database.count("ORDERS")).isEqualTo(1);
  }

  @Test
  void anotherNodeRollsBackWhatADeadOneLeftOpen() throws Exception {
    newNode();
    transactions().begin();
    order("1");
    awaitOpen();
    node.adapter().stop();
    var abandoned = transactions().suspend();

    awaitNothingOpen();
    assertThat(rows("ROLLED_BACK")).isEqualTo(1);
    assertThat(shown("Fenced")).isEqualTo(1L);
    assertThat(shown("CheckedBack")).isEqualTo(1L);
    transactions().resume(abandoned);
  }

  @Test
  void aFenceWinsAgainstALateCommitWithAClearException() throws Exception {
    newNode();
    transactions().begin();
    order("1");
    awaitOpen();
    node.adapter().stop();
    var late = transactions().suspend();
    awaitNothingOpen();
    transactions().resume(late);

    assertThatThrownBy(() -> transactions().commit())
        .isInstanceOf(RollbackException.class)
        .hasStackTraceContaining("fenceAfterSeconds");
    assertThat(database.count("ORDERS")).isZero();
    assertThat(receiveNow("orders")).isNull();
  }

  /** Longer than check limit times interval, longer than the time after which others may fence. */
  @Test
  void aLongTransactionOfALivingNodeIsNeverFenced() throws Exception {
    newNode();
    transactions().begin();
    order("1");
    var working = transactions().suspend();
    await()
        .during(Duration.ofSeconds(8))
        .atMost(LONG)
        .until(() -> states().equals(List.of("OPEN")) && rows("ROLLED_BACK") == 0);
    transactions().resume(working);
    transactions().commit();

    awaitReceived("orders", "1");
  }

  /** The database session of a node that died holds the row's lock, and has not ended yet. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        Connection.TRANSACTION_READ_COMMITTED,
        Connection.TRANSACTION_REPEATABLE_READ,
        Connection.TRANSACTION_SERIALIZABLE
      })
  void waitsForAHangingSessionWithoutUsingUpTheChecks(int isolation) throws Exception {
    dataSource.setIsolation(isolation);
    newNode();
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    dataSource.onCommit(
        connection -> {
          node.adapter().stop();
          hanging.countDown();
          awaitUninterruptibly(end);
          connection.commit();
        });
    CompletableFuture<Void> commit = CompletableFuture.runAsync(this::orderAndCommit);
    await().atMost(LONG).until(() -> hanging.getCount() == 0 || commit.isDone());
    assertThat(commit).isNotDone();
    // More checks than there may be in vain, and the time after which others may fence.
    await()
        .during(Duration.ofSeconds(8))
        .atMost(LONG)
        .until(() -> states().equals(List.of("OPEN")) && rows("ROLLED_BACK") == 0);
    end.countDown();
    commit.get();

    awaitReceived("orders", "1");
    assertThat(rows("ROLLED_BACK")).isZero();
  }

  private void orderAndCommit() {
    try {
      transactions().begin();
      order("1");
      transactions().commit();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
