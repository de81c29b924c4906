package io.moiety.benchmarks.torture;

import io.moiety.benchmarks.torture.History.Event;
import io.moiety.client.Administration;
import io.moiety.client.BrokerException;
import io.moiety.client.HalfMessage;
import io.moiety.client.Verdict;
import io.moiety.protocol.ResponseCode;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Does what administrators do: takes back parked half messages, and decides those and branches in
 * place of their applications. What it decides is in the database before the broker hears of it.
 * For one thread.
 */
final class Administrator {
  /** Some are parked by then, others are not. */
  private static final long RIPE_NANOS = TimeUnit.SECONDS.toNanos(9);

  private static final Optional<String> NAME = Optional.of("torture");

  private final Application application;
  private final Random random;
  private final Queue<Left> left = new ArrayDeque<>();

  private record Left(int number, HalfMessage half, long ripeNanos) {}

  Administrator(Application application, Random random) {
    this.application = application;
    this.random = random;
  }

  /** A half message that its application does not decide. */
  void leave(int number, HalfMessage half) {
    left.add(new Left(number, half, System.nanoTime() + RIPE_NANOS));
  }

  boolean isDue() {
    return !left.isEmpty() && left.element().ripeNanos() - System.nanoTime() <= 0;
  }

  /** Decides the one that waits for the longest time, or takes it back if it is parked. */
  void run() throws InterruptedException {
    Left oldest = left.remove();
    String id = Long.toString(oldest.half().position());
    boolean parked = Link.await(administration().transaction(id)).state().equals("PARKED");
    if (parked && random.nextBoolean()) {
      Link.await(administration().decide(id, Verdict.RESUME, NAME));
      application.tell(oldest.number(), Event.RESUMED, "");
      leave(oldest.number(), oldest.half());
      return;
    }
    boolean commit = random.nextBoolean();
    application.decide(oldest.number(), commit ? Decision.COMMIT : Decision.ROLLBACK);
    decide(oldest.number(), id, commit);
  }

  /** Others may have brought the decision to the broker already. */
  void decide(int number, String id, boolean commit) throws InterruptedException {
    Verdict verdict = commit ? Verdict.COMMIT : Verdict.ROLLBACK;
    String state;
    try {
      state = Link.await(administration().decide(id, verdict, NAME));
    } catch (BrokerException refused) {
      if (refused.code() != ResponseCode.ILLEGAL_OPERATION) {
        throw refused;
      }
      state = Link.await(administration().transaction(id)).state();
    }
    application.tell(number, Event.ADMINISTERED, state);
  }

  private Administration administration() {
    return application.link().client().administration();
  }
}
