package io.moiety.client;

import static io.moiety.client.TestClient.await;
import static io.moiety.client.TestClient.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.body.DelayedBody;
import io.moiety.protocol.body.DelayedListBody;
import io.moiety.protocol.body.TransactionBody;
import io.moiety.protocol.body.TransactionListBody;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AdministrationTest {

  private final ScriptedPeer broker = ScriptedPeer.listen();

  @AfterEach
  void closeBroker() {
    broker.close();
  }

  @Test
  void aListIsAskedForPageByPage() {
    try (TestClient connected = TestClient.connect(broker)) {
      TransactionQuery query =
          new TransactionQuery(
              Set.of("PREPARED"), Optional.of("T"), Optional.of("G"), Duration.ofSeconds(2));
      CompletableFuture<TransactionListBody> first =
          connected.client().administration().transactions(query, Optional.empty());
      Command request = connected.peer().expect(RequestCode.TRANSACTION_LIST);
      assertThat(request.fields().asMap())
          .containsExactlyInAnyOrderEntriesOf(
              Map.of("states", "PREPARED", "topic", "T", "group", "G", "minAgeMillis", "2000"));
      connected
          .peer()
          .answer(
              request,
              Fields.empty(),
              Records.utf8(
                  "{\"transactions\":[{\"id\":\"7\",\"kind\":\"HALF\",\"state\":\"OPEN\","
                      + "\"later\":1}],\"next\":\"OPEN:7\"}"));
      assertThat(await(first).transactions()).extracting(TransactionBody::id).containsExactly("7");

      CompletableFuture<TransactionListBody> second =
          connected
              .client()
              .administration()
              .transactions(TransactionQuery.all(), Optional.ofNullable(await(first).next()));
      Command more = connected.peer().expect(RequestCode.TRANSACTION_LIST);
      assertThat(more.fields().asMap())
          .containsExactlyInAnyOrderEntriesOf(Map.of("minAgeMillis", "0", "from", "OPEN:7"));
      connected.peer().answer(more, Fields.empty(), Records.utf8("{\"transactions\":[]}"));
      assertThat(await(second)).isEqualTo(new TransactionListBody(List.of(), null));
    }
  }

  @Test
  void aDecisionNamesWhoTakesItAndIsAnsweredWithTheState() {
    try (TestClient connected = TestClient.connect(broker)) {
      CompletableFuture<String> decided =
          connected.client().administration().decide("7", Verdict.RESUME, Optional.of("Bob"));
      Command request = connected.peer().expect(RequestCode.TRANSACTION_DECIDE);
      assertThat(request.fields().asMap())
          .containsExactlyInAnyOrderEntriesOf(Map.of("id", "7", "verdict", "RESUME", "by", "Bob"));
      connected.peer().answer(request, Fields.builder().put("state", "OPEN").build());
      assertThat(await(decided)).isEqualTo("OPEN");
    }
  }

  @Test
  void aTransactionThatIsUnknownFailsWithItsCode() {
    try (TestClient connected = TestClient.connect(broker)) {
      CompletableFuture<TransactionBody> shown =
          connected.client().administration().transaction("7");
      connected
          .peer()
          .refuse(
              connected.peer().expect(RequestCode.TRANSACTION_SHOW),
              ResponseCode.QUERY_NOT_FOUND,
              "there is no transaction 7");
      assertThat(failure(shown, BrokerException.class).code())
          .isEqualTo(ResponseCode.QUERY_NOT_FOUND);
    }
  }

  @Test
  void delayedMessagesAreListedCancelledAndDelivered() {
    try (TestClient connected = TestClient.connect(broker)) {
      Administration administration = connected.client().administration();
      CompletableFuture<DelayedListBody> listed =
          administration.delayed(Optional.of("T"), Optional.of("T:1:2"));
      Command list = connected.peer().expect(RequestCode.DELAYED_LIST);
      assertThat(list.fields().asMap())
          .containsExactlyInAnyOrderEntriesOf(Map.of("topic", "T", "from", "T:1:2"));
      connected
          .peer()
          .answer(
              list,
              Fields.empty(),
              Records.utf8(
                  "{\"messages\":[{\"id\":\"7\",\"topic\":\"T\",\"queueId\":1,\"dueMillis\":5,"
                      + "\"bodyBytes\":3,\"storedMillis\":4}]}"));
      assertThat(await(listed).messages())
          .containsExactly(new DelayedBody("7", "T", 1, 5, null, null, null, 3, 4));

      CompletableFuture<DelayOutcome> cancelled =
          administration.cancelDelayed("7", Optional.of("Bob"));
      Command cancel = connected.peer().expect(RequestCode.DELAYED_CANCEL);
      assertThat(cancel.fields().asMap())
          .containsExactlyInAnyOrderEntriesOf(Map.of("position", "7", "by", "Bob"));
      connected.peer().answer(cancel, Fields.builder().put("outcome", "CANCELLED").build());
      assertThat(await(cancelled)).isEqualTo(DelayOutcome.CANCELLED);

      CompletableFuture<DelayOutcome> delivered =
          administration.deliverDelayed("7", Optional.empty());
      Command deliver = connected.peer().expect(RequestCode.DELAYED_DELIVER);
      connected
          .peer()
          .answer(deliver, Fields.builder().put("outcome", "ALREADY_DELIVERED").build());
      assertThat(await(delivered)).isEqualTo(DelayOutcome.ALREADY_DELIVERED);
    }
  }

  @Test
  void aSenderNamesItsDelayedMessageByTopicAndId() {
    try (TestClient connected = TestClient.connect(broker)) {
      CompletableFuture<DelayOutcome> cancelled =
          connected.client().delayedMessages().cancel("T", "KEY");
      Command cancel = connected.peer().expect(RequestCode.DELAYED_CANCEL);
      assertThat(cancel.fields().asMap())
          .containsExactlyInAnyOrderEntriesOf(Map.of("topic", "T", "uniqueKey", "KEY"));
      connected.peer().answer(cancel, Fields.builder().put("outcome", "UNKNOWN").build());
      assertThat(await(cancelled)).isEqualTo(DelayOutcome.UNKNOWN);
    }
  }
}
