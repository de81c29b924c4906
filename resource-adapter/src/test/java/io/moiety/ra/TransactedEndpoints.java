package io.moiety.ra;

import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ApplicationServerInternalException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.transaction.TransactionManager;
import java.lang.reflect.Method;
import javax.transaction.xa.XAResource;

/** A bean whose calls are transactions of their own, rolled back when it throws. */
final class TransactedEndpoints implements MessageEndpointFactory {

  private final TransactionManager transactions;
  private final MessageListener bean;

  TransactedEndpoints(TransactionManager transactions, MessageListener bean) {
    this.transactions = transactions;
    this.bean = bean;
  }

  @Override
  public MessageEndpoint createEndpoint(XAResource resource) {
    return new Endpoint(resource);
  }

  @Override
  public MessageEndpoint createEndpoint(XAResource resource, long timeout) {
    return createEndpoint(resource);
  }

  @Override
  public boolean isDeliveryTransacted(Method method) {
    return true;
  }

  @Override
  public String getActivationName() {
    return "bean";
  }

  @Override
  public Class<?> getEndpointClass() {
    return MessageListener.class;
  }

  private final class Endpoint implements MessageEndpoint, MessageListener {

    private final XAResource resource;

    Endpoint(XAResource resource) {
      this.resource = resource;
    }

    @Override
    public void beforeDelivery(Method method) throws ResourceException {
      try {
        transactions.begin();
        transactions.getTransaction().enlistResource(resource);
      } catch (Exception failure) {
        throw new ApplicationServerInternalException("not started", failure);
      }
    }

    @Override
    public void onMessage(Message message) {
      try {
        bean.onMessage(message);
      } catch (RuntimeException thrown) {
        try {
          transactions.setRollbackOnly();
        } catch (jakarta.transaction.SystemException failure) {
          thrown.addSuppressed(failure);
        }
        throw thrown;
      }
    }

    @Override
    public void afterDelivery() throws ResourceException {
      try {
        if (transactions.getStatus() == jakarta.transaction.Status.STATUS_MARKED_ROLLBACK) {
          transactions.rollback();
        } else {
          transactions.commit();
        }
      } catch (Exception failure) {
        throw new ApplicationServerInternalException("not completed", failure);
      }
    }

    @Override
    public void release() {}
  }
}
