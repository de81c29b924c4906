package io.moiety.benchmarks.child;

import io.moiety.benchmarks.load.Announcer;
import io.moiety.benchmarks.load.Arguments;
import io.moiety.benchmarks.load.ClosedLoop;
import io.moiety.client.ClientConfig;
import io.moiety.client.ClientEvents;
import io.moiety.client.MoietyClient;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.SendReceipt;
import io.moiety.client.SendStatus;
import io.moiety.protocol.MessageProperties;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Sends through Moiety's client by some threads, each of which waits for its answer. */
public final class MoietySends {

  private MoietySends() {}

  /** With {@code address}, {@code threads}, {@code bytes}, {@code warmUp}, {@code seconds}. */
  public static void main(String[] texts) throws Exception {
    Arguments arguments = Arguments.parse(texts);
    ByteBuffer body = ByteBuffer.wrap(new byte[arguments.number("bytes")]);
    ClientConfig config =
        ClientConfig.builder()
            .addresses(arguments.text("address"))
            .clientId("moiety-benchmark")
            .build();
    try (MoietyClient client = MoietyClient.connect(config, ClientEvents.IGNORED).get()) {
      new ClosedLoop(
              arguments.number("threads"),
              arguments.number("warmUp"),
              arguments.number("seconds"),
              new Announcer(System.out))
          .run(() -> require(client.send(message(body)).get()));
    }
  }

  private static OutgoingMessage message(ByteBuffer body) {
    return new OutgoingMessage(
        "benchmark",
        OutgoingMessage.ANY_QUEUE,
        MessageProperties.empty(),
        body.duplicate(),
        0,
        0,
        System.currentTimeMillis(),
        Optional.empty());
  }

  private static void require(SendReceipt receipt) {
    if (receipt.status() != SendStatus.OK) {
      throw new IllegalStateException("a send was answered " + receipt.status());
    }
  }
}
