package io.moiety.client;

import static io.moiety.client.TestClient.await;
import static io.moiety.client.TestClient.failure;
import static io.moiety.client.TestClient.message;
import static java.util.Comparator.reverseOrder;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moiety.protocol.BranchXid;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConnectionLossTest {

  private static final BranchXid XID = new BranchXid(1, new byte[] {1}, new byte[] {2});

  private final ScriptedPeer broker = ScriptedPeer.listen();

  @AfterEach
  void closeBroker() {
    broker.close();
  }

  @Test
  void aCutFailsEveryWaitingRequestOnceAndTellsTheOwnerOnce() {
    try (TestClient connected = TestClient.connect(broker)) {
      AtomicInteger completions = new AtomicInteger();
      List<CompletableFuture<?>> waiting = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        waiting.add(connected.client().send(message("T", 0, "m" + i)));
        waiting.add(connected.client().topics().delete("T" + i));
      }
      waiting.forEach(future -> future.whenComplete((ok, failed) -> completions.incrementAndGet()));
      for (int i = 0; i < 200; i++) {
        connected.peer().read();
      }
      connected.peer().cut();
      for (CompletableFuture<?> future : waiting) {
        assertThat(failure(future, ConnectionLostException.class).requestWritten()).isTrue();
      }
      await().atMost(10, SECONDS).until(() -> connected.losses().size() == 1);
      assertThat(completions).hasValue(200);
      assertThat(connected.client().isOpen()).isFalse();
      connected.client().close();
      assertThat(connected.losses()).hasSize(1);
    }
  }

  @Test
  void whatTheSocketDidNotTakeAnyMoreWasNotWritten() {
    ClientConfig config = broker.config().maxInFlightBytes(1L << 30).build();
    try (TestClient connected = TestClient.connect(broker, config)) {
      OutgoingMessage large = message("T", 0, "x".repeat(ScriptedPeer.MAX_MESSAGE_BYTES));
      List<CompletableFuture<SendReceipt>> sent = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        sent.add(connected.client().send(large));
      }
      connected.peer().expect(RequestCode.SEND_MESSAGE_V2);
      connected.peer().cut();
      List<Boolean> written = new ArrayList<>();
      for (CompletableFuture<SendReceipt> send : sent) {
        written.add(failure(send, ConnectionLostException.class).requestWritten());
      }
      assertThat(written).startsWith(true).endsWith(false).isSortedAccordingTo(reverseOrder());
    }
  }

  @Test
  void aCommitWhoseAnswerIsLostSaysThatItWasWritten() {
    try (TestClient connected = TestClient.connect(broker)) {
      CompletableFuture<Void> committed = connected.client().transactions().commit(XID);
      connected.peer().expect(RequestCode.XA_COMMIT);
      connected.peer().close();
      ConnectionLostException lost = failure(committed, ConnectionLostException.class);
      assertThat(lost.requestWritten()).isTrue();
      assertThat(lost)
          .hasMessageContaining("19724")
          .hasMessageContaining(broker.address().toString());
    }
  }

  @Test
  void requestsAfterTheLossWereNotWritten() {
    try (TestClient connected = TestClient.connect(broker)) {
      connected.peer().cut();
      await().atMost(10, SECONDS).until(() -> !connected.losses().isEmpty());
      ConnectionLostException lost =
          failure(connected.client().send(message("T", 0, "x")), ConnectionLostException.class);
      assertThat(lost.requestWritten()).isFalse();
      assertThat(failure(connected.client().openSession(), ConnectionLostException.class))
          .hasMessageContaining("was not sent");
    }
  }

  @Test
  void requestsAfterCloseFail() {
    try (TestClient connected = TestClient.connect(broker)) {
      connected.client().close();
      connected.client().close();
      assertThat(
              failure(connected.client().send(message("T", 0, "x")), ConnectionLostException.class)
                  .requestWritten())
          .isFalse();
      assertThat(
              failure(connected.client().topics().delete("T"), ConnectionLostException.class)
                  .requestWritten())
          .isFalse();
      assertThat(connected.losses()).isEmpty();
    }
  }

  @Test
  void closingFailsWhatWaitsWithoutCallingItALoss() {
    try (TestClient connected = TestClient.connect(broker)) {
      CompletableFuture<Void> waiting = connected.client().topics().delete("T");
      connected.peer().expect(RequestCode.TOPIC_DELETE);
      connected.client().close();
      assertThat(failure(waiting, ConnectionLostException.class))
          .hasMessageContaining("The client was closed");
      assertThat(connected.losses()).isEmpty();
      connected.peer().expectClosed();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 3, 5 * 1024 * 1024 + 1, Integer.MAX_VALUE})
  void aLengthThatCannotBeEndsTheConnection(int frameLength) {
    ClientConfig config = broker.config().maxFrameBytes(5 * 1024 * 1024).build();
    try (TestClient connected = TestClient.connect(broker, config)) {
      CompletableFuture<Void> waiting = connected.client().topics().delete("T");
      connected.peer().expect(RequestCode.TOPIC_DELETE);
      connected.peer().send(ByteBuffer.allocate(4).putInt(frameLength).flip());
      assertThat(failure(waiting, ConnectionLostException.class))
          .hasMessageContaining("malformed frame")
          .hasMessageContaining("frame length " + frameLength);
      connected.peer().expectClosed();
      await().atMost(10, SECONDS).until(() -> connected.losses().size() == 1);
    }
  }

  @Test
  void aHeaderThatCannotBeEndsTheConnection() {
    try (TestClient connected = TestClient.connect(broker)) {
      CompletableFuture<Void> waiting = connected.client().topics().delete("T");
      connected.peer().expect(RequestCode.TOPIC_DELETE);
      connected.peer().send(ByteBuffer.allocate(12).putInt(8).putInt(0x0900_0004).putInt(0).flip());
      assertThat(failure(waiting, ConnectionLostException.class))
          .hasMessageContaining("malformed frame");
      connected.peer().expectClosed();
    }
  }

  @Test
  void anAnswerWithoutWhatItMustHaveEndsTheConnection() {
    try (TestClient connected = TestClient.connect(broker)) {
      CompletableFuture<TopicCreation> malformed =
          connected.client().topics().create("T", 1, false);
      Command request = connected.peer().expect(RequestCode.TOPIC_CREATE);
      CompletableFuture<Void> other = connected.client().topics().delete("U");
      connected.peer().expect(RequestCode.TOPIC_DELETE);
      connected.peer().answer(request, Fields.builder().put("created", true).build());
      assertThat(failure(malformed, ConnectionLostException.class))
          .hasMessageContaining("malformed answer to request 19741")
          .hasMessageContaining("queues");
      failure(other, ConnectionLostException.class);
      connected.peer().expectClosed();
    }
  }

  @Test
  void aListenerThatThrowsHarmsNobody() {
    try (EventLoops shared = EventLoops.start(1)) {
      ClientConfig config = broker.config().eventLoops(shared).build();
      CompletableFuture<MoietyClient> connecting =
          MoietyClient.connect(
              config,
              cause -> {
                throw new IllegalStateException("thrown by the test's listener");
              });
      PeerConnection first = broker.acceptAndGreet();
      MoietyClient throwing = await(connecting);
      try (TestClient other = TestClient.connect(broker, config)) {
        CompletableFuture<Void> failing = throwing.topics().delete("T");
        first.expect(RequestCode.TOPIC_DELETE);
        first.cut();
        failure(failing, ConnectionLostException.class);
        CompletableFuture<Void> deleted = other.client().topics().delete("T");
        other.peer().answer(other.peer().expect(RequestCode.TOPIC_DELETE));
        await(deleted);
      }
      throwing.close();
    }
  }

  @Test
  void aSilentBrokerIsGivenUpAfterTheSessionTimeout() {
    Duration sessionTimeout = Duration.ofMillis(600);
    try (TestClient connected =
        TestClient.connect(broker, broker.config().build(), sessionTimeout)) {
      CompletableFuture<Void> waiting = connected.client().topics().delete("T");
      connected.peer().expect(RequestCode.TOPIC_DELETE);
      connected.peer().expect(RequestCode.HELLO);
      connected.peer().expect(RequestCode.HELLO);
      assertThat(failure(waiting, ConnectionLostException.class))
          .hasMessageContaining("Nothing was heard from the broker")
          .hasMessageContaining("600 ms");
      await().atMost(10, SECONDS).until(() -> connected.losses().size() == 1);
    }
  }

  @Test
  void anAnsweringBrokerIsKeptBeyondTheSessionTimeout() {
    Duration sessionTimeout = Duration.ofMillis(1_500);
    try (TestClient connected =
        TestClient.connect(broker, broker.config().build(), sessionTimeout)) {
      for (int i = 0; i < 4; i++) {
        Command hello = connected.peer().expect(RequestCode.HELLO);
        assertThat(hello.fields().asMap()).containsEntry("clientId", "test-client");
        connected.peer().answer(hello, ScriptedPeer.identity(sessionTimeout));
      }
      assertThat(connected.client().isOpen()).isTrue();
      assertThat(connected.losses()).isEmpty();
    }
  }

  @Test
  void aBrokerThatRefusesTheKeepAliveIsLeft() {
    try (TestClient connected =
        TestClient.connect(broker, broker.config().build(), Duration.ofMillis(1_500))) {
      connected.peer().refuse(connected.peer().expect(RequestCode.HELLO), 1, "who are you?");
      await().atMost(10, SECONDS).until(() -> connected.losses().size() == 1);
      assertThat(connected.losses().get(0)).hasMessageContaining("who are you?");
    }
  }
}
