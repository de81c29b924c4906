package io.moiety.jms;

import jakarta.jms.Connection;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.QueueConnection;
import jakarta.jms.TopicConnection;
import jakarta.jms.XAConnection;
import jakarta.jms.XAJMSContext;
import jakarta.jms.XAQueueConnection;
import jakarta.jms.XAQueueConnectionFactory;
import jakarta.jms.XATopicConnection;
import jakarta.jms.XATopicConnectionFactory;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Connects to a Moiety broker for work that a transaction manager decides about. Its connections
 * are also {@link io.moiety.jms.spi.AdapterConnection}s. Once configured, thread-safe.
 */
public final class MoietyXAConnectionFactory extends MoietyFactory
    implements XAQueueConnectionFactory, XATopicConnectionFactory {

  private static final long serialVersionUID = 1L;

  /** For a broker at the default address, or one that {@link #setAddresses} names. */
  public MoietyXAConnectionFactory() {}

  /**
   * @param addresses {@code host:port}, several separated by commas
   */
  public MoietyXAConnectionFactory(String addresses) {
    setAddresses(addresses);
  }

  @Override
  public XAConnection createXAConnection() throws JMSException {
    return connectXa(Domain.COMMON);
  }

  /** As this user, instead of the factory's; a null or empty name is the factory's. */
  @Override
  public XAConnection createXAConnection(@Nullable String userName, @Nullable String password)
      throws JMSException {
    return connectXa(Domain.COMMON, userName, password);
  }

  @Override
  public XAQueueConnection createXAQueueConnection() throws JMSException {
    return connectXa(Domain.QUEUES);
  }

  @Override
  public XAQueueConnection createXAQueueConnection(
      @Nullable String userName, @Nullable String password) throws JMSException {
    return connectXa(Domain.QUEUES, userName, password);
  }

  @Override
  public XATopicConnection createXATopicConnection() throws JMSException {
    return connectXa(Domain.TOPICS);
  }

  @Override
  public XATopicConnection createXATopicConnection(
      @Nullable String userName, @Nullable String password) throws JMSException {
    return connectXa(Domain.TOPICS, userName, password);
  }

  @Override
  public QueueConnection createQueueConnection() throws JMSException {
    return connect(Domain.QUEUES);
  }

  @Override
  public QueueConnection createQueueConnection(@Nullable String userName, @Nullable String password)
      throws JMSException {
    return connect(Domain.QUEUES, userName, password);
  }

  @Override
  public TopicConnection createTopicConnection() throws JMSException {
    return connect(Domain.TOPICS);
  }

  @Override
  public TopicConnection createTopicConnection(@Nullable String userName, @Nullable String password)
      throws JMSException {
    return connect(Domain.TOPICS, userName, password);
  }

  @Override
  public Connection createConnection() throws JMSException {
    return connect(Domain.COMMON);
  }

  @Override
  public Connection createConnection(@Nullable String userName, @Nullable String password)
      throws JMSException {
    return connect(Domain.COMMON, userName, password);
  }

  @Override
  public JMSContext createContext() {
    return context(JMSContext.AUTO_ACKNOWLEDGE);
  }

  @Override
  public JMSContext createContext(@Nullable String userName, @Nullable String password) {
    return context(JMSContext.AUTO_ACKNOWLEDGE, userName, password);
  }

  @Override
  public JMSContext createContext(
      @Nullable String userName, @Nullable String password, int sessionMode) {
    return context(sessionMode, userName, password);
  }

  @Override
  public JMSContext createContext(int sessionMode) {
    return context(sessionMode);
  }

  private JmsXaConnection connectXa(Domain domain) throws JMSException {
    return connectXa(domain, null, null);
  }

  private JmsXaConnection connectXa(
      Domain domain, @Nullable String userName, @Nullable String password) throws JMSException {
    ConnectionSettings settings = settings(userName, password);
    return new JmsXaConnection(settings, domain, ClientLink.source(settings), Clock.systemUTC());
  }

  @Override
  public XAJMSContext createXAContext() {
    return createXAContext(null, null);
  }

  @Override
  public XAJMSContext createXAContext(@Nullable String userName, @Nullable String password) {
    try {
      return JmsXaContext.open(connectXa(Domain.COMMON, userName, password));
    } catch (JMSException failure) {
      throw JmsExceptions.unchecked(failure);
    }
  }
}
