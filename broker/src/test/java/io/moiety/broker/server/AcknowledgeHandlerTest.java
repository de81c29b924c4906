package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.delivery.Delivered;
import io.moiety.broker.delivery.Outcome;
import io.moiety.broker.delivery.ReceiveAnswer;
import io.moiety.broker.delivery.ReceiveRequest;
import io.moiety.broker.delivery.Refusal;
import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.StoreTurn;
import io.moiety.broker.store.SystemRecord.Acknowledged;
import io.moiety.protocol.Command;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the answer to an acknowledgement waits for. */
final class AcknowledgeHandlerTest {

  private static final ScriptedConnection CLIENT = new ScriptedConnection(1);

  private final Bench bench = new Bench();
  private final AcknowledgeHandler handler = handler();
  private long session;

  private AcknowledgeHandler handler() {
    BrokerClock clock = new BrokerClock(() -> 1_000, () -> 0);
    return new AcknowledgeHandler(
        bench.deliveries.acknowledgements(),
        bench.deliveries.sessions(),
        (xid, incarnation, connectionId, ranges) -> Optional.empty(),
        clock,
        Bench.inTurn(new StoreTurn(10, () -> {}, () -> {}), clock));
  }

  /** One message is delivered, and from then on the disk is slow. */
  @BeforeEach
  void deliverOne() {
    bench.topic("T", 1);
    bench.message("T", 0, Map.of());
    session = ((Outcome.Done<Long>) bench.deliveries.sessions().open(CLIENT.id(), 1_000)).value();
    bench
        .deliveries
        .sessions()
        .receive(
            new ReceiveRequest(
                CLIENT.id(), session, 1, "T", "T", 1, 1_000, 0, true, 0, MessageFilter.ALL),
            1_000,
            new OneMessage());
    bench.store.holdAnswers();
  }

  private static final class OneMessage implements ReceiveAnswer {
    @Override
    public void messages(List<Delivered> messages) {
      assertThat(messages).hasSize(1);
    }

    @Override
    public void nothing(Optional<String> stopped) {
      throw new AssertionError("there is a message");
    }

    @Override
    public void refused(Refusal refusal) {
      throw new AssertionError(refusal);
    }
  }

  private RecordedReply acknowledge(Map<String, Object> more) {
    Map<String, Object> fields = new HashMap<>(more);
    fields.put("session", session);
    RecordedReply reply =
        new RecordedReply(
            Command.request(
                RequestCode.ACKNOWLEDGE,
                Bench.fields(fields),
                ByteBuffer.wrap("1:0:0".getBytes(UTF_8))));
    handler.handle(reply.request(), CLIENT, reply);
    return reply;
  }

  @Test
  void isAnsweredWhenTheDiskHasIt() {
    RecordedReply reply = acknowledge(Map.of());
    assertThat(bench.store.facts()).hasAtLeastOneElementOfType(Acknowledged.class);
    assertThat(reply.isAnswered()).isFalse();
    bench.store.answer(PutStatus.PUT_OK);
    assertThat(reply.answer().code()).isZero();
  }

  @Test
  void isNotConfirmedWhenTheDiskDoesNotHaveItInTime() {
    RecordedReply reply = acknowledge(Map.of());
    bench.store.answer(PutStatus.FLUSH_DISK_TIMEOUT);
    assertThat(reply.answer().code()).isEqualTo(ResponseCode.FLUSH_DISK_TIMEOUT);
  }

  @Test
  void isAnsweredWhenItIsInTheLogForOneWhoDoesNotWaitForTheDisk() {
    RecordedReply reply = acknowledge(Map.of("appended", true));
    assertThat(reply.answer().code()).isZero();
    assertThat(bench.store.facts()).hasAtLeastOneElementOfType(Acknowledged.class);
    bench.store.answer(PutStatus.FLUSH_DISK_TIMEOUT);
    assertThat(reply.answer().code()).isZero();
  }
}
