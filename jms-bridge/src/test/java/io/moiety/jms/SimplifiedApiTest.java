package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.ConnectionMetaData;
import jakarta.jms.IllegalStateRuntimeException;
import jakarta.jms.InvalidDestinationRuntimeException;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatRuntimeException;
import jakarta.jms.MessageNotWriteableRuntimeException;
import jakarta.jms.Queue;
import jakarta.jms.TextMessage;
import jakarta.jms.XAJMSContext;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
@AlsoOverABreakingNetwork
class SimplifiedApiTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private JMSContext context;
  private Queue queue;

  @BeforeEach
  void open() {
    context = BROKER.factory().createContext();
    queue = context.createQueue(EmbeddedBroker.uniqueName("simple"));
  }

  @AfterEach
  void close() {
    context.close();
  }

  @Test
  void bodiesAreSentAndReceivedAsTheyAre() {
    JMSConsumer consumer = context.createConsumer(queue);
    context
        .createProducer()
        .send(queue, "text")
        .send(queue, new byte[] {1})
        .send(queue, Map.of("k", 1));
    assertThat(consumer.receiveBody(String.class, 5_000)).isEqualTo("text");
    assertThat(consumer.receiveBody(byte[].class, 5_000)).containsExactly(1);
    Map<?, ?> map = consumer.receiveBody(Map.class, 5_000);
    assertThat(map.get("k")).isEqualTo(1);
    assertThat(consumer.receiveBodyNoWait(String.class)).isNull();
  }

  @Test
  void bodyOfAnotherTypeLeavesTheMessageUndelivered() throws Exception {
    JMSConsumer consumer = context.createConsumer(queue);
    context.createProducer().send(queue, "text");
    assertThatThrownBy(() -> consumer.receiveBody(byte[].class, 5_000))
        .isInstanceOf(MessageFormatRuntimeException.class);
    Message message = consumer.receive(5_000);
    assertThat(message.getBody(String.class)).isEqualTo("text");
    assertThat(message.getJMSRedelivered()).isFalse();
    assertThat(message.getIntProperty("JMSXDeliveryCount")).isEqualTo(1);
  }

  @Test
  void messageWithoutBodyIsNotReceivedAsOne() {
    JMSConsumer consumer = context.createConsumer(queue);
    context.createProducer().send(queue, (String) null).send(queue, context.createMessage());
    assertThatThrownBy(() -> consumer.receiveBody(String.class, 5_000))
        .isInstanceOf(MessageFormatRuntimeException.class);
    assertThat(consumer.receive(5_000)).isInstanceOf(TextMessage.class);
    assertThatThrownBy(() -> consumer.receiveBody(String.class, 5_000))
        .isInstanceOf(MessageFormatRuntimeException.class);
    assertThat(consumer.receive(5_000)).isNotNull();
  }

  @Test
  void bytesOfTheProducersCorrelationIdGoIntoEachMessage() throws Exception {
    JMSProducer producer = context.createProducer().setJMSCorrelationIDAsBytes(new byte[] {1, -2});
    assertThat(producer.getJMSCorrelationIDAsBytes()).containsExactly(1, -2);
    producer.send(queue, "x");
    Message received = context.createConsumer(queue).receive(5_000);
    assertThat(received.getJMSCorrelationIDAsBytes()).containsExactly(1, -2);
  }

  @Test
  void producersHeadersAndPropertiesGoIntoEachMessage() throws Exception {
    context
        .createProducer()
        .setJMSCorrelationID("c")
        .setJMSType("t")
        .setProperty("number", 5)
        .setPriority(8)
        .send(queue, "x");
    Message message = context.createConsumer(queue).receive(5_000);
    assertThat(message.getJMSCorrelationID()).isEqualTo("c");
    assertThat(message.getJMSType()).isEqualTo("t");
    assertThat(message.getIntProperty("number")).isEqualTo(5);
    assertThat(message.getJMSPriority()).isEqualTo(8);
  }

  @Test
  void clientAcknowledgementIsTheContexts() {
    context.createProducer().send(queue, "x");
    try (JMSContext client = context.createContext(JMSContext.CLIENT_ACKNOWLEDGE)) {
      assertThat(client.createConsumer(queue).receiveBody(String.class, 5_000)).isEqualTo("x");
      client.acknowledge();
    }
    assertThat(context.createConsumer(queue).receiveNoWait()).isNull();
  }

  @Test
  void transactedContextCommits() {
    try (JMSContext transacted = context.createContext(JMSContext.SESSION_TRANSACTED)) {
      transacted.createProducer().send(queue, "x");
      assertThat(context.createConsumer(queue).receiveNoWait()).isNull();
      transacted.commit();
      assertThat(context.createConsumer(queue).receiveBody(String.class, 5_000)).isEqualTo("x");
    }
  }

  @Test
  void contextsOfOneConnectionCloseOnTheirOwn() {
    JMSContext second = context.createContext(JMSContext.AUTO_ACKNOWLEDGE);
    context.close();
    second.createProducer().send(queue, "still works");
    second.close();
    assertThatThrownBy(() -> second.createProducer())
        .isInstanceOf(IllegalStateRuntimeException.class);
    context = BROKER.factory().createContext();
  }

  @Test
  void clientIdIsSetBeforeAnythingElse() {
    try (JMSContext other = BROKER.factory().createContext()) {
      other.setClientID("simple-client");
      assertThat(other.getClientID()).isEqualTo("simple-client");
      other.createDurableConsumer(other.createTopic(EmbeddedBroker.uniqueName("t")), "s").close();
      other.unsubscribe("s");
      assertThatThrownBy(() -> other.setClientID("another"))
          .isInstanceOf(IllegalStateRuntimeException.class);
    }
  }

  @Test
  void failuresAreUncheckedOfTheSameKind() {
    assertThatThrownBy(() -> context.createConsumer(null))
        .isInstanceOf(InvalidDestinationRuntimeException.class);
    assertThatThrownBy(() -> context.createContext(42)).isInstanceOf(JMSRuntimeException.class);
    assertThatThrownBy(() -> context.createProducer().send(queue, (Message) null))
        .isInstanceOf(MessageFormatRuntimeException.class);
    MoietyConnectionFactory nobody = new MoietyConnectionFactory("127.0.0.1:1");
    assertThatThrownBy(nobody::createContext)
        .isInstanceOf(JMSRuntimeException.class)
        .hasMessageContaining("127.0.0.1:1");
  }

  @Test
  void metaDataTellTheApisVersionAndTheProvidersProperties() throws Exception {
    ConnectionMetaData metaData = context.getMetaData();
    assertThat(metaData.getJMSVersion()).isEqualTo("3.1");
    assertThat(metaData.getJMSMajorVersion()).isEqualTo(3);
    assertThat(metaData.getJMSMinorVersion()).isEqualTo(1);
    assertThat(metaData.getJMSProviderName()).isEqualTo("Moiety");
    assertThat(metaData.getProviderVersion())
        .startsWith(metaData.getProviderMajorVersion() + "." + metaData.getProviderMinorVersion());
    List<Object> names = new ArrayList<>();
    Enumeration<?> told = metaData.getJMSXPropertyNames();
    told.asIterator().forEachRemaining(names::add);
    assertThat(names).containsExactlyInAnyOrder("JMSXGroupID", "JMSXGroupSeq", "JMSXDeliveryCount");
  }

  @Test
  void receivedMessageIsSentAgainButNotGivenTheProducersProperties() throws Exception {
    JMSConsumer consumer = context.createConsumer(queue);
    JMSProducer producer = context.createProducer().send(queue, "x");
    producer.send(queue, consumer.receive(5_000));
    Message again = consumer.receive(5_000);
    assertThat(again.getBody(String.class)).isEqualTo("x");
    producer.setProperty("number", 5);
    assertThatThrownBy(() -> producer.send(queue, again))
        .isInstanceOf(MessageNotWriteableRuntimeException.class);
  }

  @Test
  void contextOfXaFactoryHasResource() {
    try (XAJMSContext xa = BROKER.xaFactory().createXAContext()) {
      assertThat(xa.getXAResource()).isNotNull();
      assertThat(xa.getTransacted()).isTrue();
      xa.getContext().createProducer().send(queue, "outside of any branch");
    }
    assertThat(context.createConsumer(queue).receiveNoWait()).isNotNull();
  }
}
