package io.moiety.ra;

import jakarta.jms.MessageListener;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.lang.reflect.Method;
import javax.transaction.xa.XAResource;

/** What all endpoints of tests have in common; a test says how one is called. */
abstract class TestEndpoints implements MessageEndpointFactory {

  private final boolean transacted;

  TestEndpoints(boolean transacted) {
    this.transacted = transacted;
  }

  @Override
  public final MessageEndpoint createEndpoint(XAResource resource, long timeout)
      throws jakarta.resource.spi.UnavailableException {
    return createEndpoint(resource);
  }

  @Override
  public final boolean isDeliveryTransacted(Method method) {
    return transacted;
  }

  @Override
  public final String getActivationName() {
    return "bean";
  }

  @Override
  public final Class<?> getEndpointClass() {
    return MessageListener.class;
  }
}
