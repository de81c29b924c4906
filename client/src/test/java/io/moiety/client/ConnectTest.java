package io.moiety.client;

import static io.moiety.client.TestClient.await;
import static io.moiety.client.TestClient.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.HeaderFormat;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class ConnectTest {

  @Test
  void greetsWithItsNameAndLearnsWhoTheBrokerIs() {
    try (ScriptedPeer broker = ScriptedPeer.listen()) {
      CompletableFuture<MoietyClient> connecting =
          MoietyClient.connect(broker.config().build(), ClientEvents.IGNORED);
      try (PeerConnection peer = broker.accept()) {
        Command hello = peer.expect(RequestCode.HELLO);
        assertThat(hello.fields().asMap()).containsEntry("clientId", "test-client");
        assertThat(hello.format()).isEqualTo(HeaderFormat.BINARY);
        assertThat(connecting).isNotDone();
        peer.answer(hello, ScriptedPeer.identity(Duration.ofSeconds(30)));
        try (MoietyClient client = await(connecting)) {
          assertThat(client.isOpen()).isTrue();
          assertThat(client.broker())
              .isEqualTo(
                  new BrokerIdentity(
                      "5f0f7c1e-6b1b-4a55-9a1c-4a1f5a9be001",
                      "broker-a",
                      "1.2.3",
                      Duration.ofSeconds(30),
                      ScriptedPeer.MAX_MESSAGE_BYTES));
        }
      }
    }
  }

  @Test
  void writesJsonHeadersWhenToldTo() {
    try (ScriptedPeer broker = ScriptedPeer.listen()) {
      MoietyClient.connect(
          broker.config().headerFormat(HeaderFormat.JSON).build(), ClientEvents.IGNORED);
      try (PeerConnection peer = broker.accept()) {
        assertThat(peer.expect(RequestCode.HELLO).format()).isEqualTo(HeaderFormat.JSON);
      }
    }
  }

  @Test
  void goesOnToTheNextAddress() {
    BrokerAddress dead = unusedAddress();
    try (ScriptedPeer broker = ScriptedPeer.listen()) {
      ClientConfig config = broker.config().addresses(List.of(dead, broker.address())).build();
      try (TestClient connected = TestClient.connect(broker, config)) {
        assertThat(connected.client().isOpen()).isTrue();
      }
    }
  }

  @Test
  void failureNamesEveryAddressWithItsReasonAndWhatToDo() {
    BrokerAddress dead = unusedAddress();
    try (ScriptedPeer rocketmq = ScriptedPeer.listen()) {
      ClientConfig config = rocketmq.config().addresses(List.of(dead, rocketmq.address())).build();
      CompletableFuture<MoietyClient> connecting =
          MoietyClient.connect(config, ClientEvents.IGNORED);
      try (PeerConnection peer = rocketmq.accept()) {
        peer.refuse(
            peer.expect(RequestCode.HELLO),
            ResponseCode.REQUEST_CODE_NOT_SUPPORTED,
            " request type 19701 not supported");
        ConnectFailedException failure = failure(connecting, ConnectFailedException.class);
        assertThat(failure)
            .hasMessageContaining(dead + " (")
            .hasMessageContaining("refused")
            .hasMessageContaining(rocketmq.address() + " (")
            .hasMessageContaining("not a Moiety broker")
            .hasMessageContaining("listenPort");
        assertThat(failure.getSuppressed()).hasSize(1);
        assertThat(failure.rocketMqAddresses()).containsExactly(rocketmq.address());
        peer.expectClosed();
      }
    }
  }

  @Test
  void givesUpOnAnAddressThatAcceptsAndSaysNothing() {
    try (ScriptedPeer silent = ScriptedPeer.listen()) {
      ClientConfig config = silent.config().connectTimeout(Duration.ofMillis(200)).build();
      CompletableFuture<MoietyClient> connecting =
          MoietyClient.connect(config, ClientEvents.IGNORED);
      try (PeerConnection peer = silent.accept()) {
        assertThat(failure(connecting, ConnectFailedException.class))
            .hasMessageContaining("did not answer request 19701 within 200 ms");
        peer.expectClosed();
      }
    }
  }

  @Test
  void refusesAnIdentityThatCannotBe() {
    try (ScriptedPeer broker = ScriptedPeer.listen()) {
      CompletableFuture<MoietyClient> connecting =
          MoietyClient.connect(broker.config().build(), ClientEvents.IGNORED);
      try (PeerConnection peer = broker.accept()) {
        peer.answer(
            peer.expect(RequestCode.HELLO),
            Fields.builder().put("storeUuid", "x").put("sessionTimeoutMillis", "soon").build());
        assertThat(failure(connecting, ConnectFailedException.class))
            .hasMessageContaining("sessionTimeoutMillis");
      }
    }
  }

  @Test
  void refusesABrokerWhoseMessagesWouldNotFitAFrame() {
    try (ScriptedPeer broker = ScriptedPeer.listen()) {
      ClientConfig config =
          broker.config().maxFrameBytes(ScriptedPeer.MAX_MESSAGE_BYTES + 1_024).build();
      CompletableFuture<MoietyClient> connecting =
          MoietyClient.connect(config, ClientEvents.IGNORED);
      try (PeerConnection peer = broker.accept()) {
        peer.answer(peer.expect(RequestCode.HELLO), ScriptedPeer.identity(Duration.ofSeconds(30)));
        assertThat(failure(connecting, ConnectFailedException.class))
            .hasMessageContaining("maxMessageBytes")
            .hasMessageContaining("maxFrameBytes of 4195328");
      }
    }
  }

  @Test
  void aCancelledConnectLeavesNoConnectionBehind() {
    try (ScriptedPeer broker = ScriptedPeer.listen()) {
      CompletableFuture<MoietyClient> connecting =
          MoietyClient.connect(broker.config().build(), ClientEvents.IGNORED);
      try (PeerConnection peer = broker.accept()) {
        Command hello = peer.expect(RequestCode.HELLO);
        connecting.cancel(false);
        peer.answer(hello, ScriptedPeer.identity(Duration.ofSeconds(30)));
        peer.expectClosed();
      }
    }
  }

  private static BrokerAddress unusedAddress() {
    try (ScriptedPeer closed = ScriptedPeer.listen()) {
      return closed.address();
    }
  }
}
