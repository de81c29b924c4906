package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.client.HalfMessage;
import io.moiety.client.HalfState;
import io.moiety.client.MoietyClient;
import io.moiety.client.OutgoingMessage;
import io.moiety.protocol.MessageProperties;
import io.moiety.ra.checkback.MoietyCheckerSpec;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Beans that decide the half messages of a producer group, with a real broker. */
@Timeout(120)
final class TransactionCheckerTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private TestServer server;
  private MoietyClient producer;

  @BeforeEach
  void start(@TempDir Path store) throws Exception {
    server =
        TestServer.start(
            adapter -> {
              adapter.setStoreDirectory(store.toString());
              adapter.setBrokerProperties("transactionTimeOut=200;transactionCheckInterval=200");
            });
    producer =
        MoietyClient.connect(
                server.managedConnectionFactory().newConnectionFactory().clientConfig("producer"),
                lost -> {})
            .get();
  }

  @AfterEach
  void stop() {
    producer.close();
    server.close();
  }

  /** Does what the message says. */
  private TransactionChecker.Outcome check(Message message) {
    try {
      String text = new String(message.getBody(byte[].class), StandardCharsets.UTF_8);
      asked.add(text);
      if (text.equals("error")) {
        throw new NoClassDefFoundError("of the application");
      }
      return TransactionChecker.Outcome.valueOf(text);
    } catch (JMSException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private MoietyCheckerSpec spec() {
    MoietyCheckerSpec spec = new MoietyCheckerSpec();
    spec.setProducerGroup("shop");
    return spec;
  }

  private HalfMessage send(String body) throws Exception {
    OutgoingMessage message =
        new OutgoingMessage(
            "orders",
            OutgoingMessage.ANY_QUEUE,
            MessageProperties.empty(),
            ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)),
            0,
            0,
            System.currentTimeMillis(),
            Optional.empty());
    return producer.halfMessages().send("shop", message).get().half();
  }

  private void awaitState(HalfMessage half, HalfState state) {
    await().atMost(LONG).until(() -> producer.halfMessages().outcome(half).get() == state);
  }

  @Test
  void decidesAsTheBeanSays() throws Exception {
    server.adapter().endpointActivation(new CheckerBeans(false), spec());

    awaitState(send("COMMIT"), HalfState.COMMITTED);
    awaitState(send("ROLLBACK"), HalfState.ROLLED_BACK);
  }

  @Test
  void decidesNothingWhenTheBeanDoesNotKnowOrThrows() throws Exception {
    server.adapter().endpointActivation(new CheckerBeans(false), spec());
    HalfMessage unknown = send("UNKNOWN");
    HalfMessage broken = send("throw");
    await().atMost(LONG).until(() -> asked.contains("UNKNOWN") && asked.contains("throw"));

    assertThat(producer.halfMessages().outcome(unknown).get()).isEqualTo(HalfState.OPEN);
    assertThat(producer.halfMessages().outcome(broken).get()).isEqualTo(HalfState.OPEN);
  }

  /** Each such answer counts, so that nobody is asked for ever. */
  @Test
  void putsAsideAtLastWhatTheBeanAnswersWithAnError() throws Exception {
    server.adapter().endpointActivation(new CheckerBeans(false), spec());

    awaitState(send("error"), HalfState.PARKED);
  }

  @Test
  void asksNobodyAfterTheBeanIsUndeployed() throws Exception {
    CheckerBeans beans = new CheckerBeans(false);
    MoietyCheckerSpec spec = spec();
    server.adapter().endpointActivation(beans, spec);
    awaitState(send("COMMIT"), HalfState.COMMITTED);
    server.adapter().endpointDeactivation(beans, spec);
    asked.clear();
    send("ROLLBACK");

    await().during(Duration.ofSeconds(1)).atMost(LONG).until(asked::isEmpty);
  }

  @Test
  void refusesABeanInATransactionAndOneWithoutAGroup() {
    assertThatThrownBy(() -> server.adapter().endpointActivation(new CheckerBeans(true), spec()))
        .hasMessageContaining("NOT_SUPPORTED");
    assertThatThrownBy(
            () ->
                server
                    .adapter()
                    .endpointActivation(new CheckerBeans(false), new MoietyCheckerSpec()))
        .hasMessageContaining("producerGroup is missing");
  }

  private final class CheckerBeans implements MessageEndpointFactory {

    private final boolean transacted;

    CheckerBeans(boolean transacted) {
      this.transacted = transacted;
    }

    @Override
    public MessageEndpoint createEndpoint(XAResource resource) {
      return new Endpoint();
    }

    @Override
    public MessageEndpoint createEndpoint(XAResource resource, long timeout) {
      return new Endpoint();
    }

    @Override
    public boolean isDeliveryTransacted(Method method) {
      return transacted;
    }

    @Override
    public String getActivationName() {
      return "checker";
    }

    @Override
    public Class<?> getEndpointClass() {
      return TransactionChecker.class;
    }
  }

  private final class Endpoint implements MessageEndpoint, TransactionChecker {

    @Override
    public Outcome check(Message message) {
      return TransactionCheckerTest.this.check(message);
    }

    @Override
    public void beforeDelivery(Method method) {}

    @Override
    public void afterDelivery() {}

    @Override
    public void release() {}
  }
}
