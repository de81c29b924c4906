package io.moiety.benchmarks.torture;

import io.moiety.benchmarks.torture.History.Event;
import io.moiety.client.ClientException;
import io.moiety.client.HalfMessage;
import io.moiety.client.HalfReceipt;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.Resolution;
import io.moiety.client.SendStatus;
import io.moiety.protocol.PropertyNames;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Transactions of one half message, with producers of every kind. For one thread. */
final class HalfTrials {
  /** Longer than the broker waits before it asks. */
  private static final int LATE_MILLIS = 3_000;

  /** Of so many one is left open, since each stays until the end of the run. */
  private static final int OPEN_ONE_OF = 300;

  /** Of so many one is left to an administrator. */
  private static final int ADMINISTERED_ONE_OF = 40;

  private static final String IMMUNE_SECONDS = "86400";

  private final Application application;
  private final Administrator administrator;
  private final Random random;

  HalfTrials(Application application, Administrator administrator, Random random) {
    this.application = application;
    this.administrator = administrator;
    this.random = random;
  }

  void run(int number) throws InterruptedException {
    HalfKind kind = kind();
    application.tell(number, Event.HALF, kind.name());
    HalfMessage half = stored(number, kind);
    boolean commit = random.nextInt(3) > 0;
    switch (kind) {
      case OPEN -> application.decide(number, Decision.OPEN);
      case ADMINISTERED -> {
        application.decide(number, Decision.OPEN);
        administrator.leave(number, half);
      }
      case CONTRADICT -> {
        application.decide(number, Decision.OPEN);
        resolve(number, half, Resolution.COMMIT);
        resolve(number, half, Resolution.ROLLBACK);
      }
      default -> {
        application.decide(number, commit ? Decision.COMMIT : Decision.ROLLBACK);
        tellAsUsual(number, kind, half, commit ? Resolution.COMMIT : Resolution.ROLLBACK);
      }
    }
  }

  private void tellAsUsual(int number, HalfKind kind, HalfMessage half, Resolution decided)
      throws InterruptedException {
    if (kind == HalfKind.VANISH) {
      return;
    }
    if (kind == HalfKind.LATE) {
      TimeUnit.MILLISECONDS.sleep(random.nextInt(LATE_MILLIS));
    }
    resolve(number, half, decided);
    if (kind == HalfKind.TWICE) {
      resolve(number, half, decided);
    }
  }

  private HalfKind kind() {
    if (random.nextInt(OPEN_ONE_OF) == 0) {
      return HalfKind.OPEN;
    }
    if (random.nextInt(ADMINISTERED_ONE_OF) == 0) {
      return HalfKind.ADMINISTERED;
    }
    return switch (random.nextInt(10)) {
      case 0, 1 -> HalfKind.VANISH;
      case 2 -> HalfKind.LATE;
      case 3, 4 -> HalfKind.TWICE;
      case 5 -> HalfKind.CONTRADICT;
      default -> HalfKind.TELL;
    };
  }

  /** An application whose send failed does not go on: its transaction is rolled back. */
  private HalfMessage stored(int number, HalfKind kind) throws InterruptedException {
    OutgoingMessage message = application.message(application.output(), number, 1);
    if (kind == HalfKind.OPEN && random.nextBoolean()) {
      message = immune(message);
    }
    try {
      HalfReceipt receipt =
          Link.await(
              application.link().client().halfMessages().send(Deputy.PRODUCER_GROUP, message));
      if (receipt.receipt().status() != SendStatus.OK) {
        throw new IllegalStateException("a half message was answered " + receipt.receipt());
      }
      application.tell(number, Event.STORED, HalfNames.write(receipt.half()));
      return receipt.half();
    } catch (ClientException lost) {
      application.decide(number, Decision.ROLLBACK);
      throw lost;
    }
  }

  private static OutgoingMessage immune(OutgoingMessage message) {
    return new OutgoingMessage(
        message.topic(),
        message.queueId(),
        message.properties().with(PropertyNames.CHECK_IMMUNITY_SECONDS, IMMUNE_SECONDS),
        message.body(),
        message.flag(),
        message.sysFlag(),
        message.bornTimestampMillis(),
        message.branch());
  }

  private void resolve(int number, HalfMessage half, Resolution resolution)
      throws InterruptedException {
    application.insist(
        number, resolution.name(), client -> client.halfMessages().end(half, resolution));
  }
}
