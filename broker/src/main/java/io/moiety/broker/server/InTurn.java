package io.moiety.broker.server;

import io.moiety.broker.store.StoreTurn;
import io.moiety.protocol.ResponseCode;

/** Brings the work of requests into the store turn, and answers for the turn when it takes none. */
public final class InTurn {
  private final StoreTurn turn;

  public InTurn(StoreTurn turn) {
    this.turn = turn;
  }

  /** A handler whose body runs in the turn. */
  RequestHandler handler(RequestHandler body) {
    return (request, connection, reply) ->
        run(reply, () -> body.handle(request, connection, reply));
  }

  /** Runs the work of one request; an exception from it becomes the answer. */
  void run(Reply reply, Runnable work) {
    boolean taken =
        turn.offer(
            () -> {
              try {
                work.run();
              } catch (RuntimeException failure) {
                reply.fail(failure);
              }
            });
    if (!taken) {
      reply.fail(
          ResponseCode.SYSTEM_BUSY, "too many requests wait for the store: send again later");
    }
  }

  /** Runs work that no client waits for, such as what a closed connection leaves behind. */
  void post(Runnable work) {
    turn.post(work);
  }
}
