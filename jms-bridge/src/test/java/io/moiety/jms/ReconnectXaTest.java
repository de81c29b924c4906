package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.protocol.BranchXid;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a loss does to branches of a transaction manager on a connection with a reconnect timeout.
 */
class ReconnectXaTest extends OverABadNetwork {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  ReconnectXaTest() {
    super(BROKER);
  }

  private static Xid newXid() {
    byte[] global = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
    return new BranchXid(4711, global, new byte[] {1});
  }

  private XAConnection connectXa() throws JMSException {
    MoietyXAConnectionFactory factory = new MoietyXAConnectionFactory(network.address());
    factory.setReconnectTimeoutMillis(60_000);
    XAConnection made = factory.createXAConnection();
    made.start();
    return made;
  }

  @Test
  void branchThatWasNotPreparedCanOnlyBeRolledBackAndTheSessionGoesOn() throws Exception {
    try (XAConnection xa = connectXa();
        XASession session = xa.createXASession()) {
      send(connection.createSession(), queue, "received");
      XAResource resource = session.getXAResource();
      MessageConsumer consumer = session.createConsumer(queue);
      Queue target = new MoietyQueue(EmbeddedBroker.uniqueName("xa"));
      Xid lost = newXid();
      resource.start(lost, XAResource.TMNOFLAGS);
      assertThat(receive(consumer)).isEqualTo("received");
      send(session, target, "lost");
      network.cut();
      awaitLoss(xa);
      assertThatThrownBy(
              () -> {
                resource.end(lost, XAResource.TMSUCCESS);
                resource.prepare(lost);
              })
          .isInstanceOfSatisfying(
              XAException.class,
              thrown ->
                  assertThat(thrown.errorCode)
                      .isBetween(XAException.XA_RBBASE, XAException.XA_RBEND));

      Xid next = newXid();
      resource.start(next, XAResource.TMNOFLAGS);
      Message again = consumer.receive(10_000);
      assertThat(again.getJMSRedelivered()).isTrue();
      send(session, target, "kept");
      resource.end(next, XAResource.TMSUCCESS);
      assertThat(resource.prepare(next)).isEqualTo(XAResource.XA_OK);
      network.cut();
      resource.commit(next, false);
      MessageConsumer observer = connection.createSession().createConsumer(target);
      assertThat(receive(observer)).isEqualTo("kept");
      assertThat(observer.receiveNoWait()).isNull();
    }
    assertThat(left()).isEmpty();
  }

  @Test
  void everyPreparedBranchIsCommittedOnceWhereverTheConnectionBreaks() throws Exception {
    List<String> committed = new ArrayList<>();
    try (XAConnection xa = connectXa();
        XASession session = xa.createXASession()) {
      XAResource resource = session.getXAResource();
      for (int i = 0; i < 20; i++) {
        Xid xid = newXid();
        resource.start(xid, XAResource.TMNOFLAGS);
        send(session, queue, "m" + i);
        resource.end(xid, XAResource.TMSUCCESS);
        assertThat(resource.prepare(xid)).isEqualTo(XAResource.XA_OK);
        if (i % 2 == 0) {
          network.cutAfterRequests(1 + 13L * i);
        } else {
          network.cutAfterAnswers(1 + 7L * i);
        }
        commitAsAManagerDoes(resource, xid);
        committed.add("m" + i);
        awaitWorking();
      }
    }
    assertThat(left()).containsExactlyElementsOf(committed);
  }

  /** Again and again while the resource manager cannot be asked. */
  private static void commitAsAManagerDoes(XAResource resource, Xid xid) throws XAException {
    for (int attempt = 0; attempt < 100; attempt++) {
      try {
        resource.commit(xid, false);
        return;
      } catch (XAException failure) {
        if (failure.errorCode != XAException.XAER_RMFAIL) {
          throw failure;
        }
      }
    }
    throw new AssertionError("branch " + xid + " could not be committed");
  }

  /** What was to be cut has been, or goes through. */
  private void awaitWorking() throws JMSException {
    network.cutAfterRequests(Long.MAX_VALUE);
    network.cutAfterAnswers(Long.MAX_VALUE);
    try (Session session = connection.createSession();
        MessageConsumer unused =
            session.createConsumer(new MoietyQueue(EmbeddedBroker.uniqueName("working")))) {
      assertThat(unused.receiveNoWait()).isNull();
    }
  }
}
