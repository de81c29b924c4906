package io.moiety.ra;

import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ApplicationServerInternalException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.transaction.TransactionManager;
import java.lang.reflect.Method;
import java.util.function.IntSupplier;
import javax.transaction.xa.XAResource;

/** A bean whose calls are transactions of their own, rolled back when it throws, or none. */
final class BeanEndpoints extends TestEndpoints {

  private final TransactionManager transactions;
  private final MessageListener bean;

  private final boolean transacted;

  private final IntSupplier timeoutSeconds;

  /**
   * @param timeoutSeconds of each transaction; 0 for the manager's own
   */
  BeanEndpoints(
      TransactionManager transactions,
      MessageListener bean,
      boolean transacted,
      IntSupplier timeoutSeconds) {
    super(transacted);
    this.timeoutSeconds = timeoutSeconds;
    this.transactions = transactions;
    this.bean = bean;
    this.transacted = transacted;
  }

  @Override
  public MessageEndpoint createEndpoint(XAResource resource) {
    return new Endpoint(resource);
  }

  private final class Endpoint implements MessageEndpoint, MessageListener {

    private final XAResource resource;

    Endpoint(XAResource resource) {
      this.resource = resource;
    }

    @Override
    public void beforeDelivery(Method method) throws ResourceException {
      try {
        transactions.setTransactionTimeout(timeoutSeconds.getAsInt());
        transactions.begin();
        if (resource != null) {
          transactions.getTransaction().enlistResource(resource);
        }
      } catch (Exception failure) {
        throw new ApplicationServerInternalException("not started", failure);
      }
    }

    @Override
    public void onMessage(Message message) {
      try {
        bean.onMessage(message);
      } catch (RuntimeException thrown) {
        if (transacted) {
          markForRollback(thrown);
        }
        throw thrown;
      }
    }

    private void markForRollback(RuntimeException thrown) {
      try {
        transactions.setRollbackOnly();
      } catch (jakarta.transaction.SystemException failure) {
        thrown.addSuppressed(failure);
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
