package io.moiety.ra.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.jms.spi.AdapterConnection;
import io.moiety.protocol.BranchXid;
import io.moiety.ra.ServerThreads;
import io.moiety.ra.work.ContainerTasks;
import jakarta.jms.XASession;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Timer;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LostRollbacksTest {

  private final ServerThreads threads = new ServerThreads();
  private final ContainerTasks tasks = new ContainerTasks(threads, new Timer(true));
  private final LostRollbacks lost = new LostRollbacks(tasks);

  @AfterEach
  void stop() {
    tasks.close();
    threads.close();
  }

  @Test
  void rollsBackWhatTheBrokerDidNotAnswer() {
    Broker broker = new Broker();

    lost.add(branch(1), broker, broker);
    lost.add(branch(2), broker, broker);

    await().until(() -> lost.pendingCount() == 0);
    assertThat(broker.asked).containsExactly(branch(1), branch(2));
    assertThat(broker.connections).hasValue(1);
  }

  @Test
  void forgetsWhatTheBrokerDoesNotKnowAnyMore() {
    Broker broker = new Broker();
    broker.errorCode = XAException.XAER_NOTA;

    lost.add(branch(1), broker, broker);

    await().until(() -> lost.pendingCount() == 0);
  }

  @Test
  void asksABrokerThatDoesNotAnswerForOneBranchOnlyInEachPass() {
    Broker broker = new Broker();
    broker.errorCode = XAException.XAER_RMFAIL;
    for (int number = 1; number <= 5; number++) {
      lost.add(branch(number), broker, broker);
    }

    await().until(() -> broker.connections.get() >= 2 && threads.running() == 0);

    assertThat(broker.asked).hasSize(broker.connections.get());
    assertThat(lost.pendingCount()).isEqualTo(5);
  }

  @Test
  void beginsEachPassWithAnotherBranchSoThatOneAloneHoldsUpNone() {
    Broker broker = new Broker();
    broker.errorCode = XAException.XAER_RMFAIL;
    broker.refused = List.of(branch(1));
    lost.add(branch(1), broker, broker);
    lost.add(branch(2), broker, broker);
    lost.add(branch(3), broker, broker);

    await().until(() -> lost.pendingCount() == 1);

    assertThat(broker.asked.subList(0, 3)).containsExactly(branch(1), branch(2), branch(3));
  }

  @Test
  void anotherBrokersBranchesDoNotWait() {
    Broker away = new Broker();
    away.errorCode = XAException.XAER_RMFAIL;
    Broker there = new Broker();

    lost.add(branch(1), away, away);
    lost.add(branch(2), there, there);

    await().until(() -> lost.pendingCount() == 1);
    assertThat(there.asked).containsExactly(branch(2));
  }

  /** Whatever a factory of an application that is gone throws. */
  @Test
  void aBrokerThatCannotEvenBeAskedHoldsUpNoOther() {
    Broker gone = new Broker();
    gone.connectFailure = new IllegalStateException("the factory's application is gone");
    Broker there = new Broker();
    // Small numbers stay in their order in a pass: the one that is gone comes first.
    lost.add(branch(1), 1, gone);
    lost.add(branch(2), 2, there);

    await().until(() -> lost.pendingCount() == 1);

    assertThat(gone.connections.get()).isPositive();
    assertThat(there.asked).containsExactly(branch(2));
  }

  private static BranchXid branch(int number) {
    return new BranchXid(1, new byte[] {(byte) number}, new byte[] {1});
  }

  /** Answers rollbacks as a test says. */
  private static final class Broker implements RecoveryResource.Source {

    private final List<Xid> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile int errorCode;
    private volatile RuntimeException connectFailure;

    /** Whose rollbacks end with the error; all of them, if none is named. */
    private volatile List<BranchXid> refused = List.of();

    @Override
    public AdapterConnection connect() {
      connections.incrementAndGet();
      if (connectFailure != null) {
        throw connectFailure;
      }
      XAResource resource =
          stub(
              XAResource.class,
              (call, arguments) -> {
                if (call.equals("rollback")) {
                  rollBack((BranchXid) arguments[0]);
                }
                return null;
              });
      XASession session = stub(XASession.class, (call, arguments) -> resource);
      return stub(
          AdapterConnection.class,
          (call, arguments) -> call.equals("createXASession") ? session : null);
    }

    private void rollBack(BranchXid branch) throws XAException {
      asked.add(branch);
      if (errorCode != 0 && (refused.isEmpty() || refused.contains(branch))) {
        throw new XAException(errorCode);
      }
    }

    private interface Answers {
      Object to(String call, Object[] arguments) throws Exception;
    }

    private static <T> T stub(Class<T> type, Answers answers) {
      return type.cast(
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (proxy, method, arguments) -> answers.to(method.getName(), arguments)));
    }
  }
}
