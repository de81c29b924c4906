package io.moiety.broker.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.stats.TrafficSnapshot;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord.TopicDeleted;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.SystemTopics;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TrafficTest {
  private final Set<String> topics = new HashSet<>(Set.of("T", "U"));
  private final Traffic traffic = new Traffic(topics::contains, "G"::equals);

  private static LoggedRecord message(String topic, int sizeBytes, Map<String, String> properties) {
    return new LoggedRecord(
        topic,
        0,
        0,
        0,
        sizeBytes,
        0,
        0,
        0,
        0,
        MessageProperties.of(properties),
        ByteBuffer.allocate(0));
  }

  private void came(String topic, int sizeBytes) {
    traffic.applyMessage(message(topic, sizeBytes, Map.of()));
  }

  @Test
  void messagesAndBytesAreCountedByTopicAndInAll() {
    traffic.begin();
    came("T", 100);
    came("T", 50);
    came("U", 7);
    traffic.went("G", "T", 2, 150);

    assertThat(traffic.topics())
        .containsOnly(
            Map.entry("T", new TrafficSnapshot(2, 150, 2, 150)),
            Map.entry("U", new TrafficSnapshot(1, 7, 0, 0)));
    assertThat(traffic.all()).isEqualTo(new TrafficSnapshot(3, 157, 2, 150));
  }

  @Test
  void replayAndRecordsThatAreNoNewMessagesAreNotCounted() {
    came("T", 100);
    traffic.begin();
    came(SystemTopics.HALF, 100);
    came(SystemTopics.SCHEDULE, 100);
    traffic.applyMessage(message("T", 100, Map.of("__MOIETY_CARRIED", "1:1")));

    assertThat(traffic.all()).isEqualTo(new TrafficSnapshot(0, 0, 0, 0));
    assertThat(traffic.topics()).isEmpty();
  }

  @Test
  void countsOfATopicGoWithItAndStayInAll() {
    traffic.begin();
    came("T", 100);
    topics.remove("T");
    traffic.applyFact(new TopicDeleted("T"), message(SystemTopics.STATE, 1, Map.of()));
    traffic.went("G", "T", 1, 100);
    traffic.went("G", "never there", 1, 10);

    assertThat(traffic.topics()).isEmpty();
    assertThat(traffic.all()).isEqualTo(new TrafficSnapshot(1, 100, 2, 110));
  }

  @Test
  void backlogOfAnEarlierRunIsCountedAsItGoes() {
    traffic.begin();
    traffic.went("G", "T", 3, 30);

    assertThat(traffic.topics()).containsOnlyKeys("T");
  }
}
