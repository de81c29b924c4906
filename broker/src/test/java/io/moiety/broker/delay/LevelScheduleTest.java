package io.moiety.broker.delay;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.retention.Looks;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.store.SystemRecord.DelayCancelled;
import io.moiety.protocol.Command;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.SystemTopics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LevelScheduleTest {
  private static final int RECORD_BYTES = 100;
  private static final int LEVEL = 4;

  private QueueTable queues = new QueueTable(SimulatedViewFiles.blocks());
  private LevelSchedule levels = schedule();
  private long records;
  private long sent;

  private LevelSchedule schedule() {
    return new LevelSchedule(queues, BrokerConfig.of(Map.of(), Profile.EMBEDDED).delayLevels());
  }

  private LoggedRecord record(String topic, long queueOffset, Map<String, String> properties) {
    records++;
    return new LoggedRecord(
        topic,
        LEVEL,
        queueOffset,
        records * RECORD_BYTES,
        RECORD_BYTES,
        0,
        1,
        1,
        0,
        MessageProperties.of(properties),
        Command.noBody());
  }

  private long send() {
    LoggedRecord record =
        record(
            SystemTopics.SCHEDULE, sent, Map.of(PropertyNames.TIMER_OUT_MS, Long.toString(sent)));
    queues.applyMessage(record);
    levels.applyMessage(record);
    sent++;
    return sent - 1;
  }

  private void serveAll() {
    queues.serve((records + 1) * RECORD_BYTES, queue -> {});
  }

  private void cancelled(long queueOffset) {
    levels.applyFact(
        new DelayCancelled(SystemTopics.SCHEDULE, LEVEL, queueOffset, queueOffset, 0),
        record(SystemTopics.STATE, 0, Map.of()));
  }

  private void delivered(long queueOffset) {
    levels.applyMessage(
        record(
            "orders",
            0,
            Map.of(
                PropertyNames.DUE_OF,
                levels.find(LEVEL, queueOffset).map(Delayed::marker).orElseThrow())));
  }

  @Property(tries = 100)
  @Label("whatever is sent, cancelled, passed over and delivered: the head is the first that waits")
  void theHeadIsTheFirstThatWaits(@ForAll long seed) {
    queues = new QueueTable(SimulatedViewFiles.blocks());
    levels = schedule();
    sent = 0;
    Random random = new Random(seed);
    TreeSet<Long> model = new TreeSet<>();
    for (int step = 0; step < 300; step++) {
      switch (random.nextInt(5)) {
        case 0, 1 -> {
          for (int i = random.nextInt(50); i >= 0; i--) {
            model.add(send());
          }
          serveAll();
        }
        case 2 -> {
          for (int i = random.nextInt(60); i >= 0 && !model.isEmpty(); i--) {
            long any = Optional.ofNullable(model.ceiling(random.nextLong(sent))).orElse(-1L);
            if (model.remove(any)) {
              cancelled(any);
            }
          }
        }
        case 3 -> {
          Optional<Delayed> head = levels.head();
          head.ifPresent(levels::passOver);
          head.map(Delayed::queueOffset).ifPresent(model::remove);
        }
        default -> {
          for (int i = random.nextInt(20); i >= 0 && !model.isEmpty(); i--) {
            long any = random.nextBoolean() ? model.first() : model.last();
            model.remove(any);
            delivered(any);
          }
        }
      }
      assertThat(levels.head().map(Delayed::queueOffset)).isEqualTo(model.stream().findFirst());
    }
    assertThat(levels.dueUntil(Long.MAX_VALUE, Integer.MAX_VALUE))
        .extracting(Delayed::queueOffset)
        .isEqualTo(List.copyOf(model));
  }

  @Test
  void whatIsNeededIsLookedAtABoundedNumberAtATime() {
    for (int i = 0; i < 20_000; i++) {
      send();
    }
    serveAll();
    for (long offset = 10_000; offset < 15_000; offset++) {
      cancelled(offset);
    }
    delivered(0);
    long end = 18_001L * RECORD_BYTES;
    List<RecordSpan> needed = Looks.at(List.of(levels), end).orElseThrow();
    assertThat(needed).hasSize(12_999);
    assertThat(needed.get(0)).isEqualTo(new RecordSpan(2 * RECORD_BYTES, RECORD_BYTES));
    assertThat(Looks.goes(levels, end)).isBetween(4, 6);
  }
}
