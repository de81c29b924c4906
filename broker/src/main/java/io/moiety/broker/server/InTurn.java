package io.moiety.broker.server;

import io.moiety.broker.intake.HeldAppends;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.RecordSpan;
import io.moiety.protocol.ResponseCode;
import java.util.List;
import java.util.function.Supplier;

/** Brings the work of requests into the store turn, and answers for the turn when it takes none. */
public final class InTurn {
  private final LoopTurn turn;
  private final ColdReads coldReads;
  private final HeldAppends held;
  private final BrokerClock clock;

  /**
   * The way into a turn.
   *
   * @param held where requests wait while the log has no room
   */
  public InTurn(LoopTurn turn, ColdReads coldReads, HeldAppends held, BrokerClock clock) {
    this.turn = turn;
    this.coldReads = coldReads;
    this.held = held;
    this.clock = clock;
  }

  /** A handler whose body runs in the turn. */
  RequestHandler handler(RequestHandler body) {
    return (request, connection, reply) ->
        run(reply, () -> body.handle(request, connection, reply));
  }

  /** A handler whose body appends in the turn, and waits for room in the log. */
  RequestHandler appendingHandler(RequestHandler body) {
    return (request, connection, reply) ->
        append(reply, () -> body.handle(request, connection, reply));
  }

  /** Runs the work of one request; an exception from it becomes the answer. */
  void run(Reply reply, Runnable work) {
    if (!turn.offer(() -> answering(reply, work))) {
      reply.fail(
          ResponseCode.SYSTEM_BUSY, "too many requests wait for the store: send again later");
    }
  }

  /**
   * As {@link #run}, and waits a while when the log has no room.
   *
   * @param work changes nothing when the log refuses
   */
  void append(Reply reply, Runnable work) {
    run(reply, () -> hold(reply, work));
  }

  /**
   * As {@link #run}, when the records that the work will read are in memory.
   *
   * @param records asked in the turn, before the work
   */
  void read(Reply reply, Supplier<List<RecordSpan>> records, Runnable work) {
    run(
        reply,
        () -> {
          List<RecordSpan> cold = coldReads.coldOf(records.get());
          if (cold.isEmpty() || !coldReads.read(cold, () -> answering(reply, work))) {
            work.run();
          }
        });
  }

  /** As {@link #append}, when the records that the work will read are in memory. */
  void append(Reply reply, Supplier<List<RecordSpan>> records, Runnable work) {
    read(reply, records, () -> hold(reply, work));
  }

  /** Runs work that no client waits for, such as what a closed connection leaves behind. */
  void post(Runnable work) {
    turn.post(work);
  }

  private void hold(Reply reply, Runnable work) {
    held.take(clock.nowMillis(), work, reply::fail);
  }

  private static void answering(Reply reply, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException failure) {
      reply.fail(failure);
    }
  }
}
