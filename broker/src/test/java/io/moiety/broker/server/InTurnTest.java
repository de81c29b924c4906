package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.intake.HeldAppends;
import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.HeldReads;
import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.store.StoreTurn;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InTurnTest {
  private static final List<RecordSpan> COLD = List.of(new RecordSpan(0, 100));

  private final StoreTurn turn = new StoreTurn(10, () -> {}, () -> {});
  private final HeldReads readers = new HeldReads();
  private final HeldAppends held = new HeldAppends();
  private final ColdReads coldReads =
      new ColdReads(
          (position, sizeBytes) -> {},
          () -> 1_000,
          ColdReads.Settings.defaults(),
          readers,
          turn::post);
  private final InTurn inTurn =
      new InTurn(new LoopTurn(turn, () -> {}), coldReads, held, new BrokerClock(() -> 0, () -> 0));
  private final RecordedReply reply =
      new RecordedReply(Command.request(RequestCode.SEND_MESSAGE, Fields.empty()));
  private final List<String> done = new ArrayList<>();

  @Test
  void workThatReadsColdRecordsRunsInTheTurnAfterTheyWereRead() {
    readers.hold();
    inTurn.read(reply, () -> COLD, () -> done.add("mine " + turn.isMine()));
    assertThat(done).isEmpty();
    readers.readOne();
    assertThat(done).containsExactly("mine true");
  }

  @Test
  void workThatReadsNothingOrWarmRecordsRunsAtOnce() {
    readers.hold();
    inTurn.read(reply, List::of, () -> done.add("nothing"));
    inTurn.read(reply, () -> List.of(new RecordSpan(1_000, 10)), () -> done.add("warm"));
    assertThat(done).containsExactly("nothing", "warm");
  }

  @Test
  void workThatFailsAfterItsReadIsAnswered() {
    readers.hold();
    inTurn.read(
        reply,
        () -> COLD,
        () -> {
          throw new IllegalStateException("a bug");
        });
    readers.readOne();
    assertThat(reply.answer().code()).isEqualTo(ResponseCode.SYSTEM_ERROR);
  }

  @Test
  void workRunsWithoutAReadWhenTheReadersAreOverloaded() {
    readers.full();
    inTurn.read(reply, () -> COLD, () -> done.add("read itself"));
    assertThat(done).containsExactly("read itself");
  }

  @Test
  void workThatFindsNoRoomAfterItsReadWaitsForRoom() {
    readers.hold();
    inTurn.append(
        reply,
        () -> COLD,
        () -> {
          done.add("tried");
          if (done.size() == 1) {
            throw new AppendRefusedException(PutStatus.OS_PAGE_CACHE_BUSY, "no room");
          }
        });
    readers.readOne();
    assertThat(done).containsExactly("tried");
    assertThat(reply.isAnswered()).isFalse();
    held.run(10);
    assertThat(done).containsExactly("tried", "tried");
    assertThat(held.nextDueMillis()).isEqualTo(Long.MAX_VALUE);
  }
}
