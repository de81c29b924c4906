package io.moiety.broker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.LogLines;
import io.moiety.broker.config.StoreLimits;
import io.moiety.broker.filter.Selectors;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.TopicConfig;
import io.moiety.broker.topic.GroupTable;
import io.moiety.broker.topic.TopicTable;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.RecordView;
import java.lang.System.Logger.Level;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the topics of dead letters come from when there are as many topics as there may be. */
class DeadLettersTest {
  private final StoreLimits oneTopic = new StoreLimits(1, 10, 10);
  private final TopicTable topics = new TopicTable(oneTopic);
  private final GroupTable groups = new GroupTable(oneTopic);
  private final QueueTable queues = new QueueTable(SimulatedViewFiles.blocks());
  private final MemoryLog log = new MemoryLog(queues, List.of(topics, groups, queues));
  private final DeadLetters deadLetters =
      new DeadLetters(
          topics,
          groups,
          new QueueGroups(groups, new GroupTopics(groups, new Selectors()), log),
          log);

  private RecordView message() {
    log.record(new SystemRecord.TopicSet(TopicConfig.of("T", 1)));
    var logged = log.put(MemoryLog.draft("T", 0, MessageProperties.empty(), "poison"));
    return log.read(logged.position(), logged.sizeBytes());
  }

  @Test
  void aKnownGroupGetsItsTopicBeyondTheLimit() {
    log.record(new SystemRecord.GroupSet(GroupConfig.ofQueue("G")));
    assertThat(deadLetters.move(new LedgerKey("G", "T", 0), message(), 16)).isTrue();
    assertThat(topics.find("%DLQ%G")).isPresent();
    assertThat(queues.nextOffset("%DLQ%G", 0)).isEqualTo(1);
  }

  @Test
  void forAGroupThatNobodyKnowsTheLimitHoldsAndTheMessageStays() {
    try (LogLines said = LogLines.of(DeadLetters.class)) {
      assertThat(deadLetters.move(new LedgerKey("unknown", "T", 0), message(), 16)).isFalse();
      assertThat(said.of(Level.WARNING)).singleElement().asString().contains("maxTopics");
    }
    assertThat(topics.find("%DLQ%unknown")).isEmpty();
  }
}
