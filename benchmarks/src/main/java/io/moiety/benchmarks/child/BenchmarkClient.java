package io.moiety.benchmarks.child;

import io.moiety.benchmarks.load.Arguments;
import io.moiety.client.ClientConfig;
import io.moiety.client.ClientEvents;
import io.moiety.client.MoietyClient;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.SendReceipt;
import io.moiety.client.SendStatus;
import io.moiety.protocol.MessageProperties;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** How the load generators use Moiety's client. */
final class BenchmarkClient {

  private BenchmarkClient() {}

  /** To the broker at {@code address}. */
  static MoietyClient connected(Arguments arguments)
      throws InterruptedException, ExecutionException {
    ClientConfig config =
        ClientConfig.builder()
            .addresses(arguments.text("address"))
            .clientId("moiety-benchmark")
            .build();
    return MoietyClient.connect(config, ClientEvents.IGNORED).get();
  }

  static OutgoingMessage message(String topic, ByteBuffer body) {
    return new OutgoingMessage(
        topic,
        OutgoingMessage.ANY_QUEUE,
        MessageProperties.empty(),
        body.duplicate(),
        0,
        0,
        System.currentTimeMillis(),
        Optional.empty());
  }

  static void require(SendReceipt receipt) {
    if (receipt.status() != SendStatus.OK) {
      throw new IllegalStateException("a send was answered " + receipt.status());
    }
  }
}
