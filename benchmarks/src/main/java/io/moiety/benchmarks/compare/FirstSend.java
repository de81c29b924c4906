package io.moiety.benchmarks.compare;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.FrameCodec;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Knocks at a broker that is starting until it has stored a message. Over a bare socket, so that no
 * client's way of trying again is measured with it.
 */
final class FirstSend {

  private static final int CONNECT_MILLIS = 1_000;
  private static final int PAUSE_MILLIS = 2;
  private static final int MAX_ANSWER_BYTES = 1 << 20;

  private FirstSend() {}

  /** Seconds from the start of the broker's process to the answer that it has stored a message. */
  static double secondsUntil(RunningBroker broker, Duration limit)
      throws FigureException, InterruptedException {
    long until = broker.startedNanos() + limit.toNanos();
    String last = "nothing";
    while (System.nanoTime() < until) {
      broker.jvm().requireAlive();
      try (Socket socket = new Socket()) {
        socket.connect(broker.address(), CONNECT_MILLIS);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
        last = sendUntilStored(socket, until);
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
  private static String sendUntilStored(Socket socket, long untilNanos)
      throws IOException, InterruptedException {
    String refusal = "none";
    while (!refusal.isEmpty() && System.nanoTime() < untilNanos) {
      socket.getOutputStream().write(FrameCodec.encode(send()).array());
      Command answer = answer(new DataInputStream(socket.getInputStream()));
      refusal = answer.code() == ResponseCode.SUCCESS ? "" : answer.code() + ": " + answer.remark();
      if (!refusal.isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    }
    return refusal;
  }

  private static Command answer(DataInputStream in) throws IOException {
    int bytes = in.readInt();
    if (bytes < 0 || bytes > MAX_ANSWER_BYTES) {
      throw new IOException("an answer of " + bytes + " bytes");
    }
    return FrameCodec.decode(ByteBuffer.wrap(in.readNBytes(bytes)));
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
