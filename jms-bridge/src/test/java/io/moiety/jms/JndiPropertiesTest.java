package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.Queue;
import jakarta.jms.Topic;
import jakarta.jms.XAConnectionFactory;
import java.util.Collections;
import java.util.Hashtable;
import javax.naming.ConfigurationException;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NameClassPair;
import javax.naming.NameNotFoundException;
import javax.naming.OperationNotSupportedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
@SuppressWarnings("BanJNDI") // It is what is tested, with names of the test's own.
class JndiPropertiesTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  /** What JNDI makes of a jndi.properties on the class path. */
  private static Context context(String... properties) throws Exception {
    @SuppressWarnings("JdkObsolete") // JNDI wants it.
    Hashtable<String, String> environment = new Hashtable<>();
    environment.put(Context.INITIAL_CONTEXT_FACTORY, "io.moiety.jms.MoietyInitialContextFactory");
    for (int i = 0; i < properties.length; i += 2) {
      environment.put(properties[i], properties[i + 1]);
    }
    return new InitialContext(environment);
  }

  @Test
  void factoriesAndDestinationsAreFoundByTheirNames() throws Exception {
    Context jndi =
        context(
            "connectionFactory.jms/main",
            BROKER.address() + "?prefetch=7&clientId=",
            "xaConnectionFactory.xa",
            BROKER.address(),
            "queue.jms/orders",
            "orders",
            "topic.news",
            "all.news");
    ConnectionFactory factory = (ConnectionFactory) jndi.lookup("jms/main");
    Queue orders = (Queue) jndi.lookup("jms/orders");
    try (JMSContext context = factory.createContext()) {
      context.createProducer().send(orders, "found");
      assertThat(context.createConsumer(orders).receiveBody(String.class, 20_000))
          .isEqualTo("found");
    }
    assertThat(((MoietyConnectionFactory) factory).getPrefetch()).isEqualTo(7);
    assertThat(jndi.lookup("xa")).isInstanceOf(XAConnectionFactory.class);
    assertThat(((Topic) jndi.lookup("news")).getTopicName()).isEqualTo("all.news");
    assertThat(Collections.list(jndi.list("")))
        .extracting(NameClassPair::getName)
        .containsExactly("jms/main", "jms/orders", "news", "xa");
  }

  @Test
  void namesThatAreNotThereAreToldWithThoseThatAre() throws Exception {
    Context jndi = context("queue.orders", "orders");
    assertThatThrownBy(() -> jndi.lookup("order"))
        .isInstanceOf(NameNotFoundException.class)
        .hasMessageContaining("[orders]");
    assertThatThrownBy(() -> jndi.bind("more", "x"))
        .isInstanceOf(OperationNotSupportedException.class);
  }

  @Test
  void impossibleFactoriesAreToldWithTheirProperty() {
    assertThatThrownBy(() -> context("connectionFactory.f", "localhost:1?nonsense=1"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("connectionFactory.f")
        .hasMessageContaining("nonsense");
    assertThatThrownBy(() -> context("connectionFactory.f", "localhost:1?prefetch"))
        .isInstanceOf(ConfigurationException.class);
    assertThatThrownBy(() -> context("queue.q", " ")).isInstanceOf(ConfigurationException.class);
  }

  @Test
  void valuesMayHaveCharactersThatSeparate() throws Exception {
    MoietyConnectionFactory factory =
        (MoietyConnectionFactory)
            context("connectionFactory.f", "localhost:1?user=a%26b%3Dc%25+d").lookup("f");
    assertThat(factory.getUser()).isEqualTo("a&b=c%+d");
    assertThatThrownBy(() -> context("connectionFactory.f", "localhost:1?user=%zz"))
        .isInstanceOf(ConfigurationException.class);
  }

  @Test
  void factoryWithoutABrokerIsRefusedAtOnce() {
    assertThatThrownBy(() -> context("connectionFactory.f", " "))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("host:port");
  }
}
