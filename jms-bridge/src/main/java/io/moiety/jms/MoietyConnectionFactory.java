package io.moiety.jms;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueConnectionFactory;
import jakarta.jms.TopicConnection;
import jakarta.jms.TopicConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * Connects to a Moiety broker:
 *
 * <pre>{@code
 * try (JMSContext context = new MoietyConnectionFactory("localhost:9876").createContext()) {
 *   Queue orders = context.createQueue("orders");
 *   context.createProducer().send(orders, "Hello");
 *   System.out.println(context.createConsumer(orders).receiveBody(String.class, 1_000));
 * }
 * }</pre>
 *
 * <p>Once configured, thread-safe.
 */
public final class MoietyConnectionFactory extends MoietyFactory
    implements ConnectionFactory, QueueConnectionFactory, TopicConnectionFactory {

  private static final long serialVersionUID = 1L;

  /** For a broker at the default address, or one that {@link #setAddresses} names. */
  public MoietyConnectionFactory() {}

  /**
   * @param addresses {@code host:port}, several separated by commas
   */
  public MoietyConnectionFactory(String addresses) {
    setAddresses(addresses);
  }

  @Override
  public Connection createConnection() throws JMSException {
    return connect(Domain.COMMON);
  }

  /** As this user, instead of the factory's; a null or empty name is the factory's. */
  @Override
  public Connection createConnection(@Nullable String userName, @Nullable String password)
      throws JMSException {
    return connect(Domain.COMMON, userName, password);
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
  public JMSContext createContext() {
    return createContext(JMSContext.AUTO_ACKNOWLEDGE);
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
}
