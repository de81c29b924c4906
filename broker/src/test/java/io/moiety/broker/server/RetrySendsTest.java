package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.intake.IncomingMessage;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.topic.GroupTable;
import io.moiety.protocol.MessageProperties;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RetrySendsTest {

  private static final long NOW_MILLIS = 1_000_000;

  private final QueueLocks locks = new QueueLocks();
  private final RetrySends retries =
      new RetrySends(new GroupTable(), locks, new BrokerClock(() -> NOW_MILLIS, () -> 0));

  private static IncomingMessage message(String topic, int reconsumeTimes) {
    return new IncomingMessage(
        topic,
        3,
        4,
        0,
        0,
        NOW_MILLIS,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
        reconsumeTimes,
        MessageProperties.of(Map.of("DELAY", "4", "KEYS", "k")),
        ByteBuffer.allocate(0),
        1);
  }

  private static void assertDeadLetter(IncomingMessage destined) {
    assertThat(destined.topic()).isEqualTo("%DLQ%G");
    assertThat(destined.queueId()).isZero();
    assertThat(destined.properties().asMap()).isEqualTo(Map.of("KEYS", "k"));
  }

  @Test
  void otherTopicsAreLeftAlone() {
    IncomingMessage message = message("T", 20);

    assertThat(retries.destined(message, Optional.of(1))).isSameAs(message);
  }

  @Test
  void lastTryIsARetryAndOneMoreIsADeadLetter() {
    IncomingMessage last = message("%RETRY%G", 2);

    assertThat(retries.destined(last, Optional.of(2))).isSameAs(last);
    assertDeadLetter(retries.destined(message("%RETRY%G", 3), Optional.of(2)));
  }

  @Test
  void whatAConsumerInOrderGivesUpIsADeadLetterAtOnce() {
    locks.lock("G", "client", List.of(new QueueKey("T", 0)), NOW_MILLIS);

    assertDeadLetter(retries.destined(message("%RETRY%G", 1), Optional.of(1)));
    IncomingMessage ofAnother = message("%RETRY%H", 1);
    assertThat(retries.destined(ofAnother, Optional.of(1))).isSameAs(ofAnother);
  }

  @Test
  void locksThatRanOutSayNothing() {
    locks.lock("G", "client", List.of(new QueueKey("T", 0)), NOW_MILLIS - QueueLocks.LEASE_MILLIS);
    IncomingMessage message = message("%RETRY%G", 1);

    assertThat(retries.destined(message, Optional.of(1))).isSameAs(message);
  }
}
