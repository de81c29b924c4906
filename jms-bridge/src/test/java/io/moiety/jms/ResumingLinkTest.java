package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.client.BrokerException;
import io.moiety.client.ConsumerSpec;
import io.moiety.client.Delivery;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.SendReceipt;
import io.moiety.client.StartPosition;
import io.moiety.client.SubscriptionSpec;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.ResponseCode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ResumingLinkTest {

  private static final long LONG_MILLIS = 600_000;

  private final FakeSource source = new FakeSource();
  private final FakeLink second = new FakeLink();
  private Link link;
  private CompletableFuture<List<Delivery>> received;

  @BeforeEach
  void receive() throws Exception {
    MoietyConnectionFactory factory = new MoietyConnectionFactory();
    factory.setReconnectTimeoutMillis(60_000);
    link = ResumingLink.open(source, "test", factory.settings(), cause -> {}).join();
    link.subscribe(
            new SubscriptionSpec(
                "group",
                "topic",
                StartPosition.LAST,
                true,
                true,
                Optional.empty(),
                Optional.empty()))
        .join();
    received =
        link.openSession(0, List::of)
            .join()
            .openConsumer(ConsumerSpec.of("group", "topic"))
            .receive(1, LONG_MILLIS);
    source.prepare(second);
  }

  @AfterEach
  void close() {
    link.close();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        ResponseCode.SYSTEM_BUSY,
        ResponseCode.SERVICE_NOT_AVAILABLE,
        ResponseCode.FLUSH_DISK_TIMEOUT
      })
  void subscriptionThatIsRefusedForTheMomentIsAskedForByTheNextAttempt(int code) {
    second.failures.put("subscribe", new BrokerException(code, "not now"));
    source.lose(0);
    await().until(() -> source.count() == 3 && !source.link(2).consumers.isEmpty());
    assertThat(received).isNotDone();
    FakeLink.FakeConsumer consumer = source.link(2).consumers.get(0);
    await().until(() -> consumer.receiving.complete(List.of()) && received.isDone());
    assertThat(received.join()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {ResponseCode.ILLEGAL_OPERATION, ResponseCode.NO_PERMISSION})
  void consumerOfASubscriptionThatIsRefusedForGoodFails(int code) {
    second.failures.put("subscribe", new BrokerException(code, "somebody else has it"));
    source.lose(0);
    assertThatThrownBy(received::join).hasMessageContaining("somebody else has it");
    assertThat(source.count()).isEqualTo(2);
  }

  @Test
  void sendThatWaitsForTheNextConnectionHearsOfTheEndAtOnce() {
    for (int attempt = 0; attempt < 1_000; attempt++) {
      source.fail(new NoClassDefFoundError("no connection in this test"));
    }
    source.lose(0);
    CompletableFuture<SendReceipt> sent =
        link.send(
            new OutgoingMessage(
                "topic",
                0,
                MessageProperties.empty().with(PropertyNames.UNIQUE_KEY, "key"),
                ByteBuffer.allocate(0),
                0,
                0,
                0,
                Optional.empty()));
    assertThat(sent).isNotDone();
    link.close();
    assertThat(sent).isCompletedExceptionally();
    assertThatThrownBy(sent::join).hasMessageContaining("the message was not sent");
  }
}
