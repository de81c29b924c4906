package io.moiety.client;

import static io.moiety.client.TestClient.await;
import static io.moiety.client.TestClient.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RequestTest {

  private final ScriptedPeer broker = ScriptedPeer.listen();

  @AfterEach
  void closeBroker() {
    broker.close();
  }

  @Test
  void eachAnswerReachesItsRequestInWhateverOrderTheyCome() {
    try (TestClient connected = TestClient.connect(broker)) {
      PeerConnection peer = connected.peer();
      List<CompletableFuture<TopicCreation>> creations = new ArrayList<>();
      List<Command> requests = new ArrayList<>();
      for (int i = 1; i <= 20; i++) {
        creations.add(connected.client().topics().create("T" + i, i, false));
        requests.add(peer.expect(RequestCode.TOPIC_CREATE));
      }
      Collections.shuffle(requests, new java.util.Random(7));
      for (Command request : requests) {
        peer.answer(
            request,
            Fields.builder()
                .put("queues", request.fields().requiredInt("queues"))
                .put("created", true)
                .build());
      }
      for (int i = 1; i <= 20; i++) {
        assertThat(await(creations.get(i - 1))).isEqualTo(new TopicCreation(i, true));
      }
    }
  }

  @Test
  void refusalsCarryTheBrokersCodeAndReason() {
    try (TestClient connected = TestClient.connect(broker)) {
      CompletableFuture<Void> deleted = connected.client().topics().delete("T");
      connected
          .peer()
          .refuse(
              connected.peer().expect(RequestCode.TOPIC_DELETE),
              ResponseCode.ILLEGAL_OPERATION,
              "2 consumers wait on T");
      BrokerException refusal = failure(deleted, BrokerException.class);
      assertThat(refusal.code()).isEqualTo(604);
      assertThat(refusal.remark()).isEqualTo("2 consumers wait on T");
      assertThat(refusal).hasMessageContaining("604").hasMessageContaining("2 consumers wait on T");
    }
  }

  @Test
  void aRequestWithoutAnAnswerFailsInTimeAndTheConnectionLivesOn() {
    ClientConfig config = broker.config().requestTimeout(Duration.ofMillis(700)).build();
    try (TestClient connected = TestClient.connect(broker, config)) {
      PeerConnection peer = connected.peer();
      CompletableFuture<Void> late = connected.client().topics().delete("T1");
      Command request = peer.expect(RequestCode.TOPIC_DELETE);
      assertThat(failure(late, RequestTimeoutException.class))
          .hasMessageContaining("19742")
          .hasMessageContaining("700 ms")
          .hasMessageContaining(broker.address().toString());

      // Its late answer must not reach the next request.
      CompletableFuture<Void> next = connected.client().topics().delete("T2");
      Command nextRequest = peer.expect(RequestCode.TOPIC_DELETE);
      peer.refuse(request, ResponseCode.SYSTEM_ERROR, "too late");
      peer.answer(nextRequest);
      await(next);
      assertThat(connected.client().isOpen()).isTrue();
      assertThat(connected.losses()).isEmpty();
    }
  }

  @Test
  void unknownRequestsOfTheBrokerAreAnsweredAsRocketMqDoes() {
    try (TestClient connected = TestClient.connect(broker)) {
      connected
          .peer()
          .send(
              Command.request(RequestCode.GET_CONSUMER_RUNNING_INFO, Fields.empty())
                  .withOpaque(77));
      Command answer = connected.peer().read();
      assertThat(answer.isResponse()).isTrue();
      assertThat(answer.opaque()).isEqualTo(77);
      assertThat(answer.code()).isEqualTo(ResponseCode.REQUEST_CODE_NOT_SUPPORTED);
      assertThat(answer.remark()).isEqualTo(" request type 307 not supported");
    }
  }
}
