package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.ra.inbound.MoietyActivationSpec;
import jakarta.jms.JMSException;
import jakarta.jms.MessageListener;
import jakarta.transaction.SystemException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.Test;

/** Beans that record what they have processed process it once. */
abstract class CheckBackBeansContract extends CheckBackFixture {

  /** Receives orders and inserts them, once per call. */
  private void activate(TestServer server, List<String> calls, MessageListener more)
      throws Exception {
    MoietyActivationSpec spec = new MoietyActivationSpec();
    spec.setDestinationLookup("orders");
    spec.setDestinationType("jakarta.jms.Queue");
    spec.setOutcomeDataSource(name);
    spec.setCreateTable(true);
    spec.setRedeliveryDelayMillis(10L);
    server
        .adapter()
        .endpointActivation(
            server.endpoints(
                message -> {
                  try {
                    String id = message.getBody(String.class);
                    calls.add(id);
                    insert(id + "-" + calls.size());
                    more.onMessage(message);
                  } catch (JMSException | SQLException failure) {
                    throw new IllegalArgumentException(failure);
                  }
                }),
            spec);
  }

  private void awaitProcessed(int orders) {
    await()
        .atMost(LONG)
        .until(() -> database.count("ORDERS") == orders && rows("RECEIVED") == orders);
  }

  @Test
  void aBeanRecordsWhatItHasProcessedInItsOwnTransaction() throws Exception {
    List<String> calls = new CopyOnWriteArrayList<>();
    activate(node, calls, message -> {});
    send(factory, "orders", "1");
    send(factory, "orders", "2");

    awaitProcessed(2);
    assertThat(calls).containsExactlyInAnyOrder("1", "2");
  }

  @Test
  void whatABeanThrewAtComesAgainWithoutARow() throws Exception {
    List<String> calls = new CopyOnWriteArrayList<>();
    activate(
        node,
        calls,
        message -> {
          if (calls.size() == 1) {
            throw new IllegalArgumentException("not yet");
          }
        });
    send(factory, "orders", "1");

    awaitProcessed(1);
    assertThat(calls).containsExactly("1", "1");
  }

  @Test
  void whatABeanRolledBackComesAgain() throws Exception {
    List<String> calls = new CopyOnWriteArrayList<>();
    activate(
        node,
        calls,
        message -> {
          try {
            if (calls.size() == 1) {
              transactions().setRollbackOnly();
            }
          } catch (SystemException failure) {
            throw new IllegalArgumentException(failure);
          }
        });
    send(factory, "orders", "1");

    awaitProcessed(1);
    assertThat(calls).containsExactly("1", "1");
  }

  /** The server reports a rollback; the database has committed. */
  @Test
  void aBeanIsNotCalledAgainWhenTheAnswerToTheCommitGotLost() throws Exception {
    List<String> calls = new CopyOnWriteArrayList<>();
    dataSource.onCommit(
        connection -> {
          connection.commit();
          throw new XAException(XAException.XA_RBCOMMFAIL);
        });
    activate(node, calls, message -> {});
    send(factory, "orders", "1");

    awaitProcessed(1);
    await().during(Duration.ofSeconds(2)).atMost(LONG).until(() -> calls.size() == 1);
  }

  /** It comes to the other node, whose bean is not called, and which acknowledges it. */
  @Test
  void whatADeadNodeHasProcessedIsRecognisedByAnother() throws Exception {
    List<String> calls = new CopyOnWriteArrayList<>();
    TestServer other = newNode();
    send(factory, "orders", "1");
    dataSource.onCommit(
        connection -> {
          connection.commit();
          CompletableFuture.runAsync(node.adapter()::stop);
          throw new XAException(XAException.XAER_RMFAIL);
        });
    activate(node, calls, message -> {});
    awaitProcessed(1);
    dataSource.onCommit(java.sql.Connection::commit);
    List<String> elsewhere = new CopyOnWriteArrayList<>();
    activate(other, elsewhere, message -> {});
    send(other.connectionFactory(checkBack(other)), "orders", "2");

    awaitProcessed(2);
    assertThat(calls).containsExactly("1");
    assertThat(elsewhere).containsExactly("2");
  }
}
