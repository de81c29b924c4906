package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.index.KeySearch;
import io.moiety.broker.log.Appended;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.StoreTurn;
import io.moiety.broker.store.SystemRecord;
import io.moiety.protocol.Command;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SendOutcomeHandlerTest {

  private final Bench bench = new Bench();
  private final SlowJournal journal = new SlowJournal();
  private final StoreTurn turn = new StoreTurn(10, () -> {}, () -> {});
  private final SendOutcomeHandler handler = handler();

  /** Appends to the bench's store, whose messages are not served before the test says so. */
  private final class SlowJournal implements Journal {
    private final List<Waiter> waiting = new ArrayList<>();

    @Override
    public Appended record(SystemRecord fact) {
      return bench.store.record(fact);
    }

    @Override
    public Logged put(RecordDraft draft) {
      return bench.store.put(draft);
    }

    @Override
    public void whenServed(long position, Waiter waiter) {
      assertThat(position).isEqualTo(endPosition());
      waiting.add(waiter);
    }

    @Override
    public void whenDurable(long position, Waiter waiter) {
      whenServed(position, waiter);
    }

    @Override
    public long endPosition() {
      return bench.store.endPosition();
    }
  }

  private SendOutcomeHandler handler() {
    return new SendOutcomeHandler(
        new KeySearch(bench.keys, bench.store::find, () -> 0),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 9876),
        journal,
        Bench.inTurn(turn, new BrokerClock(() -> 1_000, () -> 0)),
        Runnable::run);
  }

  private RecordedReply ask(String uniqueKey) {
    RecordedReply reply =
        new RecordedReply(
            Command.request(
                RequestCode.SEND_OUTCOME,
                Bench.fields(Map.of("topic", "T", "uniqueKey", uniqueKey))));
    handler.handle(reply.request(), new ScriptedConnection(1), reply);
    return reply;
  }

  @Test
  void messageThatIsNotForcedYetIsWaitedForAndThenKnown() {
    bench.topic("T", 1);
    bench.message("T", 0, Map.of("UNIQ_KEY", "sent"));
    RecordedReply reply = ask("sent");
    assertThat(reply.isAnswered()).isFalse();
    journal.waiting.get(0).done(PutStatus.PUT_OK);
    assertThat(reply.answer().fields().flag("stored")).isTrue();
  }

  @Test
  void nothingIsSaidOfWhatTheStoreCannotShow() {
    RecordedReply reply = ask("sent");
    journal.waiting.get(0).done(PutStatus.FLUSH_SLAVE_TIMEOUT);
    assertThat(reply.answer().code()).isEqualTo(ResponseCode.SERVICE_NOT_AVAILABLE);
    assertThat(reply.answer().remark()).contains("FLUSH_SLAVE_TIMEOUT", "ask again");
  }

  @Test
  void keysOfOtherMessagesWithTheSameTextHideNothing() {
    bench.topic("T", 1);
    bench.message("T", 0, Map.of("UNIQ_KEY", "sent"));
    for (int i = 0; i < 200; i++) {
      bench.message("T", 0, Map.of("KEYS", "sent"));
    }
    RecordedReply reply = ask("sent");
    journal.waiting.get(0).done(PutStatus.PUT_OK);
    assertThat(reply.answer().fields().flag("stored")).isTrue();
    assertThat(reply.answer().fields().requiredLong("queueOffset")).isZero();
  }
}
