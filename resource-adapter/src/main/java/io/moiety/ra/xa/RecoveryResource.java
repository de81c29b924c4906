package io.moiety.ra.xa;

import static java.lang.System.Logger.Level.DEBUG;

import io.moiety.jms.spi.AdapterConnection;
import io.moiety.protocol.BranchXid;
import io.moiety.ra.metrics.AdapterMetrics;
import jakarta.jms.JMSException;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * What the server's recovery completes the branches of message-driven beans with. It has a
 * connection of its own, made when it is first needed and again after a loss, because the server
 * asks for the resource once and keeps it.
 *
 * <p>Thread-safe: its lock protects the connection, and is held while one is made; recovery has one
 * thread.
 */
public final class RecoveryResource implements XAResource, AutoCloseable {

  /** Makes the connection. */
  public interface Source {
    AdapterConnection connect() throws JMSException;
  }

  private static final System.Logger LOGGER = System.getLogger(RecoveryResource.class.getName());

  private record Open(AdapterConnection connection, XAResource resource) {}

  private final AdapterMetrics metrics;
  private Source source;
  private @Nullable Open current;
  private boolean closed;

  RecoveryResource(Source source, AdapterMetrics metrics) {
    this.source = source;
    this.metrics = metrics;
  }

  /**
   * Connects, if there is no live connection, so that a broker that is gone shows early.
   *
   * @param newest makes the connections from now on: an earlier one may be of an application that
   *     was undeployed since
   */
  synchronized void connect(Source newest) throws JMSException {
    source = newest;
    open();
  }

  private synchronized Open open() throws JMSException {
    if (closed) {
      throw new jakarta.jms.IllegalStateException(
          "The beans that this resource recovers for, or their resource adapter, were stopped");
    }
    Open open = current;
    if (open != null && open.connection().isOpen()) {
      return open;
    }
    discard();
    AdapterConnection connection = source.connect();
    try {
      open = new Open(connection, connection.createXASession().getXAResource());
    } catch (JMSException | RuntimeException failure) {
      connection.close();
      throw failure;
    }
    current = open;
    return open;
  }

  private XAResource resource() throws XAException {
    try {
      return open().resource();
    } catch (JMSException failure) {
      XAException unreachable =
          new XAException("No connection for recovery: " + failure.getMessage());
      unreachable.errorCode = XAException.XAER_RMFAIL;
      unreachable.initCause(failure);
      throw unreachable;
    }
  }

  @Override
  public Xid[] recover(int flags) throws XAException {
    return resource().recover(flags);
  }

  @Override
  public int prepare(Xid xid) throws XAException {
    return resource().prepare(xid);
  }

  @Override
  public void commit(Xid xid, boolean onePhase) throws XAException {
    resource().commit(xid, onePhase);
    metrics.committed(BranchXid.copyOf(xid));
  }

  @Override
  public void rollback(Xid xid) throws XAException {
    resource().rollback(xid);
    metrics.rolledBack(BranchXid.copyOf(xid));
  }

  @Override
  public void forget(Xid xid) throws XAException {
    resource().forget(xid);
    metrics.ended(BranchXid.copyOf(xid));
  }

  @Override
  public void start(Xid xid, int flags) throws XAException {
    throw onlyForRecovery("start");
  }

  @Override
  public void end(Xid xid, int flags) throws XAException {
    throw onlyForRecovery("end");
  }

  private static XAException onlyForRecovery(String call) {
    XAException refused =
        new XAException(call + ": this resource is for recovery, no work is done in its branches");
    refused.errorCode = XAException.XAER_PROTO;
    return refused;
  }

  /** Nobody works in its branches, so there is nobody to join. */
  @Override
  public boolean isSameRM(XAResource other) {
    return other == this;
  }

  @Override
  public int getTransactionTimeout() throws XAException {
    return resource().getTransactionTimeout();
  }

  @Override
  public boolean setTransactionTimeout(int seconds) throws XAException {
    return resource().setTransactionTimeout(seconds);
  }

  @Override
  public synchronized void close() {
    closed = true;
    discard();
  }

  private void discard() {
    Open open = current;
    current = null;
    if (open != null) {
      try {
        open.connection().close();
      } catch (JMSException failure) {
        LOGGER.log(DEBUG, "A connection for recovery could not be closed properly", failure);
      }
    }
  }
}
