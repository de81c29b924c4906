package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.ra.inbound.MoietyActivationSpec;
import jakarta.jms.Connection;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.Session;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server ends between prepare and commit, and is started again on the same store. */
@Timeout(120)
final class RecoveryTest {

  private static final int SCAN = XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN;

  private record TestXid(String branch) implements Xid {

    @Override
    public int getFormatId() {
      return 4711;
    }

    @Override
    public byte[] getGlobalTransactionId() {
      return "global".getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public byte[] getBranchQualifier() {
      return branch.getBytes(StandardCharsets.US_ASCII);
    }
  }

  @TempDir private Path store;

  private void prepareASend(String text) throws Exception {
    try (TestServer server = TestServer.start(store)) {
      ManagedConnection managed =
          server.managedConnectionFactory().createManagedConnection(null, null);
      Xid xid = new TestXid(text);
      XAResource resource = managed.getXAResource();
      resource.start(xid, XAResource.TMNOFLAGS);
      Connection connection = (Connection) managed.getConnection(null, null);
      Session session = connection.createSession();
      session.createProducer(session.createQueue("orders")).send(session.createTextMessage(text));
      resource.end(xid, XAResource.TMSUCCESS);
      assertThat(resource.prepare(xid)).isEqualTo(XAResource.XA_OK);
    }
  }

  private static String receive(TestServer server) throws Exception {
    try (JMSContext context = server.connectionFactory().createContext()) {
      return context.createConsumer(context.createQueue("orders")).receiveBodyNoWait(String.class);
    }
  }

  @Test
  void aPreparedSendIsCommittedByTheNextServer() throws Exception {
    prepareASend("order");

    try (TestServer server = TestServer.start(store)) {
      assertThat(receive(server)).isNull();
      ManagedConnection managed =
          server.managedConnectionFactory().createManagedConnection(null, null);
      XAResource resource = managed.getXAResource();
      Xid[] inDoubt = resource.recover(SCAN);
      assertThat(inDoubt).hasSize(1);

      resource.commit(inDoubt[0], false);

      assertThat(receive(server)).isEqualTo("order");
      assertThat(resource.recover(SCAN)).isEmpty();
      managed.destroy();
    }
  }

  @Test
  void aPreparedSendIsRolledBackByTheNextServer() throws Exception {
    prepareASend("order");

    try (TestServer server = TestServer.start(store)) {
      XAResource resource =
          server.adapter().getXAResources(new ActivationSpec[] {new MoietyActivationSpec()})[0];

      resource.rollback(resource.recover(SCAN)[0]);

      assertThat(receive(server)).isNull();
      assertThat(resource.recover(SCAN)).isEmpty();
    }
  }

  @Test
  void aPreparedReceiptIsDecidedByTheNextServer() throws Exception {
    prepareAReceipt("kept");
    try (TestServer server = TestServer.start(store)) {
      assertThat(receive(server)).isNull();
      XAResource resource =
          server.adapter().getXAResources(new ActivationSpec[] {new MoietyActivationSpec()})[0];
      Xid[] inDoubt = resource.recover(SCAN);
      assertThat(inDoubt).hasSize(1);

      resource.rollback(inDoubt[0]);

      assertThat(receive(server)).isEqualTo("kept");
    }
    prepareAReceipt("taken");
    try (TestServer server = TestServer.start(store)) {
      XAResource resource =
          server.adapter().getXAResources(new ActivationSpec[] {new MoietyActivationSpec()})[0];

      resource.commit(resource.recover(SCAN)[0], false);

      assertThat(receive(server)).isNull();
    }
  }

  private void prepareAReceipt(String text) throws Exception {
    try (TestServer server = TestServer.start(store)) {
      try (JMSContext context = server.connectionFactory().createContext()) {
        context.createProducer().send(context.createQueue("orders"), text);
      }
      PreparingEndpoints endpoints = new PreparingEndpoints(new TestXid(text));
      MoietyActivationSpec spec = new MoietyActivationSpec();
      spec.setDestinationLookup("orders");
      spec.setDestinationType("jakarta.jms.Queue");
      server.adapter().endpointActivation(endpoints, spec);
      endpoints.prepared.await();
    }
  }

  @Test
  void withoutActivationsThereIsNothingToRecoverWith() throws Exception {
    try (TestServer server = TestServer.start(store)) {
      assertThat(server.adapter().getXAResources(new ActivationSpec[0])).isEmpty();
    }
  }

  /** A server that is gone after prepare: it never says what it decided. */
  private static final class PreparingEndpoints extends TestEndpoints {

    final CountDownLatch prepared = new CountDownLatch(1);
    private final Xid xid;

    PreparingEndpoints(Xid xid) {
      super(true);
      this.xid = xid;
    }

    @Override
    public MessageEndpoint createEndpoint(XAResource resource) {
      return new PreparingEndpoint(resource);
    }

    private final class PreparingEndpoint implements MessageEndpoint, MessageListener {

      private final XAResource resource;

      PreparingEndpoint(XAResource resource) {
        this.resource = resource;
      }

      @Override
      public void beforeDelivery(Method method) throws ResourceException {
        try {
          resource.start(xid, XAResource.TMNOFLAGS);
        } catch (XAException failure) {
          throw new ResourceAdapterInternalException("not started", failure);
        }
      }

      @Override
      public void onMessage(Message message) {}

      @Override
      public void afterDelivery() throws ResourceException {
        try {
          resource.end(xid, XAResource.TMSUCCESS);
          resource.prepare(xid);
          prepared.countDown();
        } catch (XAException failure) {
          throw new ResourceAdapterInternalException("not prepared", failure);
        }
      }

      @Override
      public void release() {}
    }
  }
}
