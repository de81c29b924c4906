package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.BytesMessage;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatException;
import jakarta.jms.MessageProducer;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Another provider's messages are known by their interfaces only. */
@Timeout(60)
@AlsoOverABreakingNetwork
class ForeignMessageTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private Connection connection;
  private Session session;
  private Queue queue;

  @BeforeEach
  void connect() throws Exception {
    connection = BROKER.factory().createConnection();
    connection.start();
    session = connection.createSession();
    queue = session.createQueue(EmbeddedBroker.uniqueName("foreign"));
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
  }

  /** A message of no class of this provider, which does what the given one does. */
  private static <T extends Message> T foreign(Class<T> type, T message) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                return method.invoke(message, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            }));
  }

  private <T extends Message> T sent(Class<T> type, T message) throws Exception {
    message.setJMSCorrelationID("c");
    message.setJMSType("kind");
    message.setIntProperty("n", 5);
    message.setStringProperty("JMS_Other_Vendor", "kept");
    T foreign = foreign(type, message);
    session.createProducer(queue).send(foreign, 1, 7, 60_000);
    Message received = session.createConsumer(queue).receive(20_000);
    assertThat(received.getJMSMessageID()).isEqualTo(foreign.getJMSMessageID()).startsWith("ID:");
    assertThat(foreign.getJMSDestination()).isEqualTo(queue);
    assertThat(received.getJMSPriority()).isEqualTo(foreign.getJMSPriority()).isEqualTo(7);
    assertThat(received.getJMSExpiration()).isEqualTo(foreign.getJMSExpiration()).isPositive();
    assertThat(received.getJMSCorrelationID()).isEqualTo("c");
    assertThat(received.getJMSType()).isEqualTo("kind");
    assertThat(received.getIntProperty("n")).isEqualTo(5);
    assertThat(received.getStringProperty("JMS_Other_Vendor")).isEqualTo("kept");
    return type.cast(received);
  }

  @Test
  void foreignMessageThatCannotBeReadIsRefusedWithItsReason() throws Exception {
    TextMessage headers = new JmsTextMessage("text");
    TextMessage unreadable =
        (TextMessage)
            Proxy.newProxyInstance(
                TextMessage.class.getClassLoader(),
                new Class<?>[] {TextMessage.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("getText")) {
                    throw new MessageFormatException("unreadable");
                  }
                  return method.invoke(headers, arguments);
                });
    MessageProducer producer = session.createProducer(queue);
    List<Object> told = new CopyOnWriteArrayList<>();
    CompletionListener listener =
        new CompletionListener() {
          @Override
          public void onCompletion(Message message) {
            told.add(message);
          }

          @Override
          public void onException(Message message, Exception exception) {
            told.add(exception);
          }
        };
    assertThatThrownBy(() -> producer.send(unreadable))
        .isInstanceOf(MessageFormatException.class)
        .hasMessage("unreadable");
    assertThatThrownBy(() -> producer.send(unreadable, listener))
        .isInstanceOf(MessageFormatException.class)
        .hasMessage("unreadable");
    Message readable = session.createMessage();
    producer.send(readable, listener);
    session.close();
    assertThat(told).containsExactly(readable);
  }

  @Test
  void messagesOfOtherProvidersAreSentLikeOwnOnes() throws Exception {
    assertThat(sent(TextMessage.class, new JmsTextMessage("text")).getText()).isEqualTo("text");
    BytesMessage bytes = new JmsBytesMessage();
    bytes.writeInt(7);
    assertThat(sent(BytesMessage.class, bytes).readInt()).isEqualTo(7);
    MapMessage map = new JmsMapMessage();
    map.setChar("c", 'x');
    assertThat(sent(MapMessage.class, map).getChar("c")).isEqualTo('x');
    StreamMessage stream = new JmsStreamMessage();
    stream.writeDouble(0.5);
    stream.writeBytes(new byte[] {1, 2});
    StreamMessage received = sent(StreamMessage.class, stream);
    assertThat(received.readDouble()).isEqualTo(0.5);
    assertThat(received.readObject()).isEqualTo(new byte[] {1, 2});
    ObjectMessage object = new JmsObjectMessage();
    object.setObject("object");
    assertThat(sent(ObjectMessage.class, object).getObject()).isEqualTo("object");
    assertThat(sent(Message.class, new JmsMessage())).isNotInstanceOf(TextMessage.class);
  }
}
