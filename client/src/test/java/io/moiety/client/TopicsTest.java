package io.moiety.client;

import static io.moiety.client.TestClient.await;
import static io.moiety.client.TestClient.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TopicsTest {

  private final ScriptedPeer broker = ScriptedPeer.listen();
  private TestClient connected;
  private PeerConnection peer;
  private Topics topics;

  @BeforeEach
  void connect() {
    connected = TestClient.connect(broker);
    peer = connected.peer();
    topics = connected.client().topics();
  }

  @AfterEach
  void close() {
    connected.close();
    broker.close();
  }

  @Test
  void createsTopics() {
    CompletableFuture<TopicCreation> created = topics.create("T", 4, true);
    Command request =
        expect(
            RequestCode.TOPIC_CREATE,
            Map.of("topic", "T", "queues", "4", "temporary", "true", "queue", "false"));
    peer.answer(request, Fields.builder().put("queues", 2).put("created", false).build());
    assertThat(await(created)).isEqualTo(new TopicCreation(2, false));
  }

  @Test
  void createsQueuesThatKeepTheirMessages() {
    CompletableFuture<TopicCreation> created = topics.createQueue("Q", 1, false);
    Command request =
        expect(
            RequestCode.TOPIC_CREATE,
            Map.of("topic", "Q", "queues", "1", "temporary", "false", "queue", "true"));
    peer.answer(request, Fields.builder().put("queues", 1).put("created", true).build());
    assertThat(await(created)).isEqualTo(new TopicCreation(1, true));
  }

  @Test
  void subscribesWithEverythingThatMatters() {
    CompletableFuture<Void> subscribed =
        topics.subscribe(
            new SubscriptionSpec(
                "G",
                "T",
                StartPosition.LAST,
                true,
                false,
                Optional.of("x = 1"),
                Optional.of("me")));
    peer.answer(
        expect(
            RequestCode.SUBSCRIBE,
            Map.of(
                "group", "G",
                "topic", "T",
                "from", "LAST",
                "durable", "true",
                "exclusive", "false",
                "selector", "x = 1",
                "noLocalClient", "me")));
    await(subscribed);
  }

  @Test
  void unsubscribingWhatIsNotThereIsRefused() {
    CompletableFuture<Void> unsubscribed = topics.unsubscribe("G");
    peer.refuse(
        expect(RequestCode.UNSUBSCRIBE, Map.of("group", "G")),
        ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST,
        "no group G");
    assertThat(failure(unsubscribed, BrokerException.class).code())
        .isEqualTo(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST);
  }

  @Test
  void browsesAPage() {
    CompletableFuture<BrowsePage> browsed =
        topics.browse(new BrowseRequest("T", "G", 0, 5, 10, Optional.of("x = 1")));
    Command request =
        expect(
            RequestCode.BROWSE,
            Map.of(
                "topic", "T",
                "group", "G",
                "queueId", "0",
                "fromOffset", "5",
                "maxMessages", "10",
                "selector", "x = 1"));
    peer.answer(
        request,
        Fields.builder().put("nextOffset", 9).put("end", true).build(),
        Records.concat(Records.of("T", 0, 5, "five"), Records.of("T", 0, 8, "eight")));
    BrowsePage page = await(browsed);
    assertThat(page.records()).extracting(RecordView::queueOffset).containsExactly(5L, 8L);
    assertThat(page.nextOffset()).isEqualTo(9);
    assertThat(page.end()).isTrue();
  }

  @Test
  void aRouteWithoutQueuesEndsTheConnection() {
    CompletableFuture<TopicRoute> route = topics.route("T");
    peer.answer(
        expect(RequestCode.GET_ROUTEINFO_BY_TOPIC, Map.of("topic", "T")),
        Fields.empty(),
        Records.utf8("{\"brokerDatas\":[],\"queueDatas\":[]}"));
    assertThat(failure(route, ConnectionLostException.class))
        .hasMessageContaining("route of T has no queues");
  }

  private Command expect(int code, Map<String, String> fields) {
    Command request = peer.expect(code);
    assertThat(request.fields().asMap()).containsExactlyInAnyOrderEntriesOf(fields);
    return request;
  }
}
