package io.moiety.ra.inbound;

import io.moiety.protocol.BranchXid;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ApplicationServerInternalException;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;

/** A server's side of a bean that writes down what is called, and fails where it is told to. */
final class RecordedEndpoints implements MessageEndpointFactory {

  final List<String> calls;
  boolean transacted = true;
  boolean unavailable;
  boolean beforeFails;
  boolean afterFails;
  boolean rollsBack;

  /** Calls that the server takes for the delivery's, as Payara does with undeployed beans'. */
  int hidingCalls;

  /** Whether the thread is, as far as the server knows. */
  boolean inTransaction;

  /** Which call throws what no server should: "create", "before", "after", "release" or none. */
  volatile String broken = "";

  MessageListener bean = message -> {};

  RecordedEndpoints(List<String> calls) {
    this.calls = calls;
  }

  @Override
  public MessageEndpoint createEndpoint(XAResource resource) throws UnavailableException {
    calls.add(resource == null ? "create without resource" : "create");
    if (unavailable) {
      throw new UnavailableException("the application is not started yet");
    }
    breakAt("create");
    return new Endpoint(resource);
  }

  @Override
  public MessageEndpoint createEndpoint(XAResource resource, long timeout)
      throws UnavailableException {
    return createEndpoint(resource);
  }

  @Override
  public boolean isDeliveryTransacted(Method method) {
    return transacted;
  }

  @Override
  public String getActivationName() {
    return "recorded";
  }

  @Override
  public Class<?> getEndpointClass() {
    return MessageListener.class;
  }

  /** As the resource adapter sees them. */
  TransactionSynchronizationRegistry transactions() {
    return (TransactionSynchronizationRegistry)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {TransactionSynchronizationRegistry.class},
            (proxy, method, arguments) ->
                inTransaction ? Status.STATUS_ACTIVE : Status.STATUS_NO_TRANSACTION);
  }

  private void breakAt(String call) {
    if (broken.equals(call)) {
      throw new IllegalStateException("the component is stopped");
    }
  }

  private final class Endpoint implements MessageEndpoint, MessageListener {

    private final XAResource resource;

    Endpoint(XAResource resource) {
      this.resource = resource;
    }

    @Override
    public void beforeDelivery(Method method) throws ResourceException {
      calls.add("before");
      breakAt("before");
      if (beforeFails) {
        throw new ApplicationServerInternalException("no transaction can be started");
      }
      inTransaction = transacted;
    }

    @Override
    public void onMessage(Message message) {
      calls.add("onMessage");
      bean.onMessage(message);
    }

    @Override
    public void afterDelivery() throws ResourceException {
      calls.add("after");
      if (hidingCalls > 0) {
        hidingCalls--;
        throw new ClassCastException("an undeployed bean's call is none of a message's");
      }
      inTransaction = false;
      breakAt("after");
      if (rollsBack) {
        rollBack();
      }
      if (afterFails) {
        throw new ApplicationServerInternalException("the transaction was rolled back");
      }
    }

    private void rollBack() throws ResourceException {
      try {
        resource.rollback(new BranchXid(1, new byte[] {1}, new byte[] {1}));
      } catch (XAException failure) {
        throw new ApplicationServerInternalException("not rolled back", failure);
      }
    }

    @Override
    public void release() {
      calls.add("release");
      breakAt("release");
    }
  }
}
