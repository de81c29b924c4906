package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.delivery.SubscribeRequest;
import io.moiety.broker.filter.Selectors;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.StoreTurn;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Subscriptions whose selector the broker took once and refuses now. */
final class SubscriptionHandlersTest {

  private static final ScriptedConnection CLIENT = new ScriptedConnection(1);
  private static final String REFUSED = "TRUE + 1 = 2";

  private final Bench bench = new Bench();
  private final RequestRouter router = new RequestRouter();

  private SubscriptionHandlersTest() {
    BrokerClock clock = new BrokerClock(() -> 1_000, () -> 0);
    InTurn inTurn = Bench.inTurn(new StoreTurn(10, () -> {}, () -> {}), clock);
    new SubscriptionHandlers(
            bench.deliveries.subscriptions(),
            new Selectors(),
            new LostConnections(inTurn, id -> {}),
            inTurn)
        .register(router);
    bench.topic("T", 1);
  }

  /** As a version did that understood it; the parser is the handler's business. */
  private void storeWithRefusedSelector() {
    assertThat(
            bench
                .deliveries
                .subscriptions()
                .subscribe(
                    new SubscribeRequest(
                        CLIENT.id(),
                        "sub",
                        "T",
                        false,
                        true,
                        false,
                        Optional.of(REFUSED),
                        Optional.empty()),
                    stored -> {}))
        .isEmpty();
    bench.deliveries.connectionLost(CLIENT.id());
  }

  private Command subscribe(String selector) {
    return ask(
        RequestCode.SUBSCRIBE,
        Fields.builder()
            .put("group", "sub")
            .put("topic", "T")
            .put("from", "LAST")
            .put("durable", true)
            .put("exclusive", false)
            .put("selector", selector)
            .build());
  }

  private Command ask(int code, Fields fields) {
    RecordedReply reply = new RecordedReply(Command.request(code, fields));
    router.handlerOf(code).handle(reply.request(), CLIENT, reply);
    return reply.answer();
  }

  @Test
  void whoAsksForItWithTheRefusedSelectorHearsWhatToDo() {
    storeWithRefusedSelector();

    Command refused = subscribe(REFUSED);

    assertThat(refused.code()).isEqualTo(ResponseCode.SUBSCRIPTION_PARSE_FAILED);
    assertThat(refused.remark()).contains(REFUSED, "subscribe with another one", "or delete it");
    assertThat(subscribe("n = 2").code()).isEqualTo(ResponseCode.SUCCESS);
    assertThat(bench.groups.find("sub").orElseThrow().selector()).contains("n = 2");
  }

  @Test
  void itIsDeleted() {
    storeWithRefusedSelector();

    assertThat(ask(RequestCode.UNSUBSCRIBE, Fields.builder().put("group", "sub").build()).code())
        .isEqualTo(ResponseCode.SUCCESS);
    assertThat(bench.groups.find("sub")).isEmpty();
  }

  @Test
  void aSubscriptionThatIsNotThereIsOnlyRefused() {
    Command refused = subscribe(REFUSED);

    assertThat(refused.code()).isEqualTo(ResponseCode.SUBSCRIPTION_PARSE_FAILED);
    assertThat(refused.remark()).contains(REFUSED).doesNotContain("another one");
    assertThat(bench.groups.find("sub")).isEmpty();
  }
}
