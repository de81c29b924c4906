package io.moiety.ra.outbound;

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
final class ConsumerHandle implements MessageConsumer, SessionHandle.Part {

  /** Makes the consumer on a session. */
  interface Opener {
    MessageConsumer open(Session session) throws JMSException;
  }

  /** One of a consumer's ways to receive. */
  private interface Receipt {
    @Nullable Message from(MessageConsumer consumer) throws JMSException;
  }

  private record Open(MoietyManagedConnection managed, MessageConsumer consumer) {}

  private final SessionHandle session;
  private final Opener opener;
  private volatile Open current;
  private volatile boolean closed;

  private ConsumerHandle(SessionHandle session, Opener opener, Open current) {
    this.session = session;
    this.opener = opener;
    this.current = current;
  }

  static ConsumerHandle open(SessionHandle session, Opener opener) throws JMSException {
    return new ConsumerHandle(session, opener, open(session.managed(), opener));
  }

  private static Open open(MoietyManagedConnection managed, Opener opener) throws JMSException {
    return new Open(managed, opener.open(managed.session()));
  }

  private MessageConsumer consumer() throws JMSException {
    if (closed) {
      throw Failures.closed("consumer");
    }
    MoietyManagedConnection managed = session.managed();
    if (current.managed() != managed) {
      Open former = current;
      current = open(managed, opener);
      former.consumer().close();
    }
    return current.consumer();
  }

  private @Nullable Message receive(Receipt how) throws JMSException {
    MessageConsumer consumer = consumer();
    MoietyManagedConnection managed = current.managed();
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
  public @Nullable String getMessageSelector() throws JMSException {
    return consumer().getMessageSelector();
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
  public void release() throws JMSException {
    if (!closed) {
      closed = true;
      current.consumer().close();
    }
  }

  /** Closed twice without harm. */
  @Override
  public void close() throws JMSException {
    session.remove(this);
    release();
  }
}
