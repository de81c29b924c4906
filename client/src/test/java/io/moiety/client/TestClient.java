package io.moiety.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.MessageProperties;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A connected client, the peer's end of its connection, and what it said of its end. */
record TestClient(MoietyClient client, PeerConnection peer, List<Throwable> losses)
    implements AutoCloseable {

  static TestClient connect(ScriptedPeer broker) {
    return connect(broker, broker.config().build());
  }

  static TestClient connect(ScriptedPeer broker, ClientConfig config) {
    return connect(broker, config, ScriptedPeer.SESSION_TIMEOUT);
  }

  static TestClient connect(ScriptedPeer broker, ClientConfig config, Duration sessionTimeout) {
    List<Throwable> losses = new CopyOnWriteArrayList<>();
    CompletableFuture<MoietyClient> connecting = MoietyClient.connect(config, losses::add);
    PeerConnection peer = broker.acceptAndGreet(sessionTimeout);
    return new TestClient(await(connecting), peer, losses);
  }

  static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(10, TimeUnit.SECONDS);
    } catch (ExecutionException failure) {
      throw new AssertionError("failed: " + failure.getCause(), failure.getCause());
    } catch (InterruptedException | TimeoutException failure) {
      throw new AssertionError("not complete in time", failure);
    }
  }

  /** What the future fails with, as it is: not wrapped. */
  static <E extends Throwable> E failure(CompletableFuture<?> future, Class<E> type) {
    CompletableFuture<Throwable> seen = new CompletableFuture<>();
    future.whenComplete((result, failure) -> seen.complete(failure));
    Throwable failure = await(seen);
    assertThat(failure).isInstanceOf(type);
    return type.cast(failure);
  }

  static OutgoingMessage message(String topic, int queueId, String text) {
    return message(topic, queueId, text, Optional.empty());
  }

  static OutgoingMessage message(
      String topic, int queueId, String text, Optional<BranchPart> branch) {
    return new OutgoingMessage(
        topic, queueId, MessageProperties.empty(), Records.utf8(text), 0, 0, 1_234, branch);
  }

  @Override
  public void close() {
    client.close();
    peer.close();
  }
}
