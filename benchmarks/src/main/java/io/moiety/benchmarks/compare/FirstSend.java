package io.moiety.benchmarks.compare;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Knocks at a broker that is starting until it has stored a message. Over a bare socket, so that no
 * client's way of trying again is measured with it.
 */
final class FirstSend {

  private static final int PAUSE_MILLIS = 2;

  private FirstSend() {}

  /** Seconds from the start of the broker's process to the answer that it has stored a message. */
  static double secondsUntil(RunningBroker broker, Duration limit)
      throws FigureException, InterruptedException {
    long until = broker.startedNanos() + limit.toNanos();
    String last = "nothing";
    while (System.nanoTime() < until) {
      broker.jvm().requireAlive();
      try (BareConnection connection = new BareConnection(broker.address(), limit)) {
        last = sendUntilStored(connection, until);
        if (last.isEmpty()) {
          return (System.nanoTime() - broker.startedNanos()) / 1e9;
        }
      } catch (IOException notYet) {
        last = String.valueOf(notYet);
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    throw new FigureException(
        "no send was accepted within %d s; the last answer: %s".formatted(limit.toSeconds(), last));
  }

  /** Returns the last refusal, or an empty text when the message is stored. */
  private static String sendUntilStored(BareConnection connection, long untilNanos)
      throws IOException, InterruptedException {
    String refusal = "none";
    while (!refusal.isEmpty() && System.nanoTime() < untilNanos) {
      Command answer = connection.ask(send());
      refusal = answer.code() == ResponseCode.SUCCESS ? "" : answer.code() + ": " + answer.remark();
      if (!refusal.isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    }
    return refusal;
  }

  private static Command send() {
    Fields fields =
        Fields.builder()
            .put("a", "moiety-benchmark")
            .put("b", "first-send")
            .put("c", "TBW102")
            .put("d", 4)
            .put("e", 0)
            .put("f", 0)
            .put("g", System.currentTimeMillis())
            .put("h", 0)
            .put("i", "")
            .put("j", 0)
            .put("k", false)
            .put("m", false)
            .build();
    return Command.request(RequestCode.SEND_MESSAGE_V2, fields, ByteBuffer.wrap(new byte[1024]));
  }
}
