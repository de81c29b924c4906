package io.moiety.client;

import static io.moiety.client.TestClient.await;
import static io.moiety.client.TestClient.failure;
import static io.moiety.client.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.BranchXid;
import io.moiety.protocol.Command;
import io.moiety.protocol.RequestCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ReconnectingClientTest {

  private static final ReconnectPolicy QUICK =
      new ReconnectPolicy(Duration.ofMillis(20), Duration.ofMinutes(5));

  private final ScriptedPeer broker = ScriptedPeer.listen();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final ReconnectEvents recorder =
      new ReconnectEvents() {
        @Override
        public void connected(MoietyClient client) {
          events.add("connected");
        }

        @Override
        public void connectionLost(Throwable cause) {
          events.add("lost");
        }
      };

  @AfterEach
  void closeBroker() {
    broker.close();
  }

  @Test
  void suppliesANewClientAfterEachLoss() throws InterruptedException {
    CompletableFuture<ReconnectingClient> connecting = connect(broker.config().build());
    PeerConnection first = broker.acceptAndGreet();
    try (ReconnectingClient client = await(connecting)) {
      expectEvents("connected");
      MoietyClient before = await(client.client());
      // With delays that went on growing, the last of these would take longer than the peer waits.
      for (int loss = 0; loss < 12; loss++) {
        first.cut();
        first = broker.acceptAndGreet();
        expectEvents("lost", "connected");
      }
      MoietyClient after = await(client.client());
      assertThat(after).isNotSameAs(before);
      assertThat(after.isOpen()).isTrue();
      assertThat(before.isOpen()).isFalse();
    }
    first.expectClosed();
    assertThat(events).isEmpty();
  }

  @Test
  void theFirstConnectFailsAtOnceWithTheReason() {
    BrokerAddress address = broker.address();
    broker.close();
    ClientConfig config =
        ClientConfig.builder().addresses(List.of(address)).clientId("test-client").build();
    assertThat(failure(connect(config), ConnectFailedException.class))
        .hasMessageContaining(address.toString());
    assertThat(events).isEmpty();
  }

  @Test
  void triesAgainUntilTheBrokerIsBack() throws InterruptedException {
    CompletableFuture<ReconnectingClient> connecting = connect(broker.config().build());
    PeerConnection first = broker.acceptAndGreet();
    try (ReconnectingClient client = await(connecting)) {
      int port = broker.address().port();
      broker.close();
      first.cut();
      expectEvents("connected", "lost");
      CompletableFuture<SendReceipt> sent = client.send(message("T", 0, "kept"));
      try (ScriptedPeer restarted = ScriptedPeer.listen(port);
          PeerConnection second = restarted.acceptAndGreet()) {
        Command request = second.expect(RequestCode.SEND_MESSAGE_V2);
        assertThat(Records.text(request.body())).isEqualTo("kept");
        second.stored(request, 0, 1);
        assertThat(await(sent).queueOffset()).isEqualTo(1);
        expectEvents("connected");
      }
    }
  }

  @Test
  void triesAgainWhenNobodyCanSayWhereTheBrokerIs() throws InterruptedException {
    Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
    CompletableFuture<ReconnectingClient> connecting =
        ReconnectingClient.connect(
            broker.config().build(),
            () -> {
              RuntimeException failure = failures.poll();
              if (failure != null) {
                throw failure;
              }
              return List.of(broker.address());
            },
            QUICK,
            recorder);
    PeerConnection first = broker.acceptAndGreet();
    try (ReconnectingClient client = await(connecting)) {
      failures.add(new IllegalStateException("the adapter is being stopped"));
      failures.add(new IllegalArgumentException("no address"));
      first.cut();
      PeerConnection second = broker.acceptAndGreet();
      expectEvents("connected", "lost", "connected");
      assertThat(failures).isEmpty();
      assertThat(await(client.client()).isOpen()).isTrue();
      second.close();
    }
  }

  @Test
  void theFirstConnectFailsWhenNobodyCanSayWhereTheBrokerIs() {
    CompletableFuture<ReconnectingClient> connecting =
        ReconnectingClient.connect(
            broker.config().build(),
            () -> {
              throw new IllegalStateException("unknown");
            },
            QUICK,
            recorder);
    assertThat(failure(connecting, IllegalStateException.class)).hasMessage("unknown");
  }

  @Test
  void connectsAgainWhereTheBrokerIsThen() throws InterruptedException {
    try (ScriptedPeer elsewhere = ScriptedPeer.listen()) {
      List<BrokerAddress> addresses = new CopyOnWriteArrayList<>(List.of(broker.address()));
      CompletableFuture<ReconnectingClient> connecting =
          ReconnectingClient.connect(
              broker.config().build(), () -> List.copyOf(addresses), QUICK, recorder);
      PeerConnection first = broker.acceptAndGreet();
      try (ReconnectingClient client = await(connecting)) {
        addresses.set(0, elsewhere.address());
        first.cut();
        PeerConnection second = elsewhere.acceptAndGreet();
        expectEvents("connected", "lost", "connected");
        assertThat(await(client.client()).isOpen()).isTrue();
        second.close();
      }
    }
  }

  @Test
  void aSendThatMayHaveArrivedIsNotRepeated() {
    CompletableFuture<ReconnectingClient> connecting = connect(broker.config().build());
    PeerConnection first = broker.acceptAndGreet();
    try (ReconnectingClient client = await(connecting)) {
      CompletableFuture<SendReceipt> sent = client.send(message("T", 0, "x"));
      first.expect(RequestCode.SEND_MESSAGE_V2);
      first.cut();
      assertThat(failure(sent, ConnectionLostException.class).requestWritten()).isTrue();
      try (PeerConnection second = broker.acceptAndGreet()) {
        CompletableFuture<SendReceipt> next = client.send(message("T", 0, "y"));
        Command request = second.expect(RequestCode.SEND_MESSAGE_V2);
        assertThat(Records.text(request.body())).isEqualTo("y");
        second.stored(request, 0, 1);
        await(next);
      }
    }
  }

  @Test
  void aSendThatWaitsForItsRouteMovesToTheNewConnection() {
    CompletableFuture<ReconnectingClient> connecting = connect(broker.config().build());
    PeerConnection first = broker.acceptAndGreet();
    try (ReconnectingClient client = await(connecting)) {
      CompletableFuture<SendReceipt> sent =
          client.send(message("T", OutgoingMessage.ANY_QUEUE, "x"));
      first.expect(RequestCode.GET_ROUTEINFO_BY_TOPIC);
      first.cut();
      try (PeerConnection second = broker.acceptAndGreet()) {
        second.refuse(second.expect(RequestCode.GET_ROUTEINFO_BY_TOPIC), 17, "no route");
        second.stored(second.expect(RequestCode.SEND_MESSAGE_V2), 0, 1);
        await(sent);
      }
    }
  }

  @Test
  void aSendInABranchEndsWithItsConnection() {
    CompletableFuture<ReconnectingClient> connecting = connect(broker.config().build());
    PeerConnection first = broker.acceptAndGreet();
    try (ReconnectingClient client = await(connecting)) {
      BranchPart part = new Branch(new BranchXid(1, new byte[] {1}, new byte[] {1}), 1).part(1);
      CompletableFuture<SendReceipt> sent =
          client.send(message("T", OutgoingMessage.ANY_QUEUE, "x", Optional.of(part)));
      first.expect(RequestCode.GET_ROUTEINFO_BY_TOPIC);
      first.cut();
      failure(sent, ConnectionLostException.class);
    }
  }

  @Test
  void waitingForAConnectionIsBoundedInTimeAndSaysWhatIsWrong() throws InterruptedException {
    ClientConfig config = broker.config().requestTimeout(Duration.ofMillis(300)).build();
    CompletableFuture<ReconnectingClient> connecting = connect(config);
    PeerConnection first = broker.acceptAndGreet();
    try (ReconnectingClient client = await(connecting)) {
      broker.close();
      first.cut();
      expectEvents("connected", "lost");
      assertThat(failure(client.send(message("T", 0, "x")), ConnectionLostException.class))
          .hasMessageContaining("There is no connection to a broker")
          .hasMessageContaining(config.addresses().get(0).toString());
    }
  }

  @Test
  void closeFailsWhoWaitsAndStopsConnecting() throws InterruptedException {
    CompletableFuture<ReconnectingClient> connecting = connect(broker.config().build());
    PeerConnection first = broker.acceptAndGreet();
    ReconnectingClient client = await(connecting);
    broker.close();
    first.cut();
    expectEvents("connected", "lost");
    CompletableFuture<MoietyClient> waiting = client.client();
    client.close();
    client.close();
    assertThat(failure(waiting, ConnectionLostException.class))
        .hasMessageContaining("the client was closed");
    failure(client.client(), ConnectionLostException.class);
    assertThat(events).isEmpty();
  }

  private CompletableFuture<ReconnectingClient> connect(ClientConfig config) {
    return ReconnectingClient.connect(config, QUICK, recorder);
  }

  private void expectEvents(String... expected) throws InterruptedException {
    for (String event : expected) {
      assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(event);
    }
  }
}
