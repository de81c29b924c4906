package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.XAJMSContext;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Enumeration;
import java.util.List;

/**
 * Applications of Jakarta Messaging beside the {@link Clients} of one test. What it opened is
 * closed when the test ends. Skips tests of the original, which does not serve the bridge. Owner:
 * the test's thread.
 */
final class Bridge implements AutoCloseable {

  private final BridgeJars jars;
  private final String address;
  private final Deque<JMSContext> opened = new ArrayDeque<>();

  Bridge(BridgeJars jars, JudgedBroker broker) {
    this.jars = jars;
    this.address = broker.brokerAddress();
  }

  /** A connection of its own with a session that acknowledges by itself. */
  JMSContext context() {
    return context(JMSContext.AUTO_ACKNOWLEDGE);
  }

  /** A connection of its own. */
  JMSContext context(int sessionMode) {
    requireMoiety();
    return keep(jars.factory(address).createContext(sessionMode));
  }

  /** A connection of its own for a transaction manager. */
  XAJMSContext xaContext() {
    requireMoiety();
    return keep(jars.xaFactory(address).createXAContext());
  }

  private static void requireMoiety() {
    Judged.differsOnTheOriginal("it has no sessions of Jakarta Messaging");
  }

  private <C extends JMSContext> C keep(C context) {
    opened.push(context);
    return context;
  }

  /** The next message, which has to come and to be of this kind. */
  static <M extends Message> M take(JMSConsumer consumer, Class<M> kind) {
    Message message = consumer.receive(Inbox.LIMIT_SECONDS * 1_000L);
    assertThat(message).as("a message within %d s", Inbox.LIMIT_SECONDS).isInstanceOf(kind);
    return kind.cast(message);
  }

  @SuppressWarnings("unchecked") // The specification says that they are texts.
  static List<String> propertyNames(Message message) throws JMSException {
    return Collections.list((Enumeration<String>) message.getPropertyNames());
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }
}
