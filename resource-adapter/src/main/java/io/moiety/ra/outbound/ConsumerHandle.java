package io.moiety.ra.outbound;

import io.moiety.jms.spi.BodyReceiver;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageListener;
import jakarta.jms.Session;
import org.jspecify.annotations.Nullable;

/**
 * A consumer as an application has it. When the server has exchanged the connection beneath, it is
 * opened again there. Used by one thread at a time; it may be closed on another.
 */
final class ConsumerHandle implements MessageConsumer, BodyReceiver, SessionHandle.Part {

  /** Makes the consumer on a session. */
  interface Opener {
    MessageConsumer open(Session session) throws JMSException;
  }

  /** One of a consumer's ways to receive a message, or its body. */
  private interface Receipt<T> {
    @Nullable T from(MessageConsumer consumer) throws JMSException;
  }

  private final SessionHandle session;
  private final Opener opener;
  private volatile @Nullable MessageConsumer current;
  private volatile boolean closed;

  private ConsumerHandle(SessionHandle session, Opener opener) {
    this.session = session;
    this.opener = opener;
  }

  static ConsumerHandle open(SessionHandle session, Opener opener) throws JMSException {
    ConsumerHandle handle = new ConsumerHandle(session, opener);
    handle.consumer(session.managed());
    return handle;
  }

  private MessageConsumer consumer(MoietyManagedConnection managed) throws JMSException {
    if (closed) {
      throw Failures.closed("consumer");
    }
    MessageConsumer open = current;
    if (open == null) {
      open = opener.open(managed.session());
      current = open;
      if (closed) {
        // By another thread meanwhile, which did not see this one.
        leave();
        throw Failures.closed("consumer");
      }
    }
    return open;
  }

  private <T> @Nullable T receive(Receipt<T> how) throws JMSException {
    MoietyManagedConnection managed = session.managed();
    MessageConsumer consumer = consumer(managed);
    managed.requireEnlisted();
    try {
      return how.from(consumer);
    } catch (JMSException failure) {
      throw managed.noticed(failure);
    }
  }

  @Override
  public @Nullable Message receive() throws JMSException {
    return receive(consumer -> consumer.receive());
  }

  @Override
  public @Nullable Message receive(long timeoutMillis) throws JMSException {
    return receive(consumer -> consumer.receive(timeoutMillis));
  }

  @Override
  public @Nullable Message receiveNoWait() throws JMSException {
    return receive(consumer -> consumer.receiveNoWait());
  }

  @Override
  public <T> @Nullable T receiveBody(Class<T> type, @Nullable Long timeoutMillis)
      throws JMSException {
    return receive(consumer -> ((BodyReceiver) consumer).receiveBody(type, timeoutMillis));
  }

  void requireOpen() throws JMSException {
    session.managed();
    if (closed) {
      throw Failures.closed("consumer");
    }
  }

  @Override
  public @Nullable String getMessageSelector() throws JMSException {
    return consumer(session.managed()).getMessageSelector();
  }

  @Override
  public MessageListener getMessageListener() throws JMSException {
    throw SessionHandle.listener();
  }

  @Override
  public void setMessageListener(MessageListener listener) throws JMSException {
    throw SessionHandle.listener();
  }

  @Override
  public void leave() throws JMSException {
    MessageConsumer open = current;
    current = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void release() throws JMSException {
    closed = true;
    leave();
  }

  /** Closed twice without harm. */
  @Override
  public void close() throws JMSException {
    session.remove(this);
    release();
  }
}
