package io.moiety.broker.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.snapshot.BlockFile;
import io.moiety.broker.snapshot.Section;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * The table compared with a map of positions by queue offset, through serving, carrying forward,
 * deletion of the log's beginning and of topics, snapshots with power cuts, and rebuilds.
 */
final class QueueTableModelTest {

  @Property(tries = 150)
  void holdsWhatAMapHolds(
      @ForAll @Size(max = 60) List<@IntRange(max = 999) Integer> actions, @ForAll long seed)
      throws IOException {
    new Trial().run(actions, new Random(seed));
  }

  private static final class Trial {
    private static final int QUEUES = 4;

    private final SimulatedViewFiles files = new SimulatedViewFiles();
    private final Records records = new Records();
    private final List<Applied> log = new ArrayList<>();
    private final List<Runnable> viewTasks = new ArrayList<>();
    private Map<String, ModelQueue> model = new HashMap<>();
    private long firstPosition;
    private long servedPosition;
    private Optional<Saved> saved = Optional.empty();
    private QueueTable table;

    /** A record, or a fact when there is one. */
    private record Applied(LoggedRecord record, Optional<SystemRecord> fact) {}

    /** A durable snapshot and where the log went on from it. */
    private record Saved(ByteBuffer section, int logIndex) {}

    private static final class ModelQueue {
      private final TreeMap<Long, Long> positions = new TreeMap<>();
      private long next;
    }

    void run(List<Integer> actions, Random random) throws IOException {
      table = opened();
      for (int action : actions) {
        if (action < 600) {
          appendSome(random);
        } else if (action < 680) {
          servedPosition += random.nextInt((int) (records.endPosition() - servedPosition) + 1);
          table.serve(servedPosition, queue -> {});
        } else if (action < 760) {
          carryAndForget(random);
        } else if (action < 800) {
          delete(topic(random));
        } else if (action < 850) {
          viewTasks.forEach(Runnable::run);
          viewTasks.clear();
        } else if (action < 930) {
          snapshot();
        } else if (action < 970) {
          restart(random);
        } else {
          rebuild();
        }
        assertHolds();
      }
    }

    private QueueTable opened() throws IOException {
      BlockFile blocks = BlockFile.open(files);
      QueueTable opened = new QueueTable(blocks);
      if (saved.isPresent()) {
        opened.restore(
            new DataInputStream(new ByteArrayInputStream(saved.get().section().array())));
      }
      viewTasks.clear();
      blocks.begin(viewTasks::add, what -> {});
      return opened;
    }

    private static String topic(Random random) {
      return "topic" + random.nextInt(2);
    }

    private ModelQueue modelQueue(String topic, int queueId) {
      return model.computeIfAbsent(topic + "@" + queueId, key -> new ModelQueue());
    }

    private void appendSome(Random random) {
      String topic = topic(random);
      int queueId = random.nextInt(QUEUES / 2);
      ModelQueue queue = modelQueue(topic, queueId);
      for (int left = random.nextInt(150); left >= 0; left--) {
        apply(records.message(topic, queueId, queue.next));
      }
    }

    private void apply(LoggedRecord record) {
      log.add(new Applied(record, Optional.empty()));
      table.applyMessage(record);
      ModelQueue queue = modelQueue(record.topic(), record.queueId());
      queue.positions.put(record.queueOffset(), record.position());
      queue.next = Math.max(queue.next, record.queueOffset() + 1);
    }

    /** Some of what is before the new beginning is carried forward first, the rest is gone. */
    private void carryAndForget(Random random) {
      long newFirst = firstPosition + random.nextInt((int) (servedPosition - firstPosition) + 1);
      newFirst -= newFirst % Records.SIZE_BYTES;
      Map<String, List<Long>> carried = new HashMap<>();
      for (Map.Entry<String, ModelQueue> queue : model.entrySet()) {
        List<Long> offsets = new ArrayList<>();
        for (Map.Entry<Long, Long> message : queue.getValue().positions.entrySet()) {
          if (message.getValue() < newFirst && random.nextInt(60) == 0) {
            offsets.add(message.getKey());
          }
        }
        carried.put(queue.getKey(), offsets);
      }
      carried.forEach(
          (key, offsets) -> {
            String topic = key.substring(0, key.indexOf('@'));
            int queueId = Integer.parseInt(key.substring(key.indexOf('@') + 1));
            offsets.forEach(offset -> apply(records.carried(topic, queueId, offset)));
          });
      sayFacts();
      firstPosition = newFirst;
      model.values().forEach(queue -> queue.positions.values().removeIf(p -> p < firstPosition));
      forget();
    }

    /** A base is appended before the log loses its beginning. */
    private void sayFacts() {
      table.sayFacts(
          fact ->
              log.add(
                  new Applied(
                      records.message("facts", 0, records.endPosition()), Optional.of(fact))));
    }

    private void forget() {
      table.forgetBefore(firstPosition);
      while (table.nextDueMillis() == 0) {
        table.run(0);
      }
    }

    private void delete(String topic) {
      LoggedRecord record = records.message("facts", 0, records.endPosition());
      log.add(new Applied(record, Optional.of(new SystemRecord.TopicDeleted(topic))));
      table.applyFact(new SystemRecord.TopicDeleted(topic), record);
      model.keySet().removeIf(key -> key.startsWith(topic));
    }

    private void snapshot() throws IOException {
      Section section = table.capture();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      section.write(new DataOutputStream(bytes));
      section.durable();
      saved = Optional.of(new Saved(ByteBuffer.wrap(bytes.toByteArray()), log.size()));
    }

    private void restart(Random random) throws IOException {
      Object state = table.state();
      files.cutPower(random, random.nextInt(101));
      table = opened();
      replay(saved.map(Saved::logIndex).orElse(0));
      assertThat(table.state()).isEqualTo(state);
    }

    private void rebuild() throws IOException {
      Object state = table.state();
      saved = Optional.empty();
      table = opened();
      replay(0);
      assertThat(table.state()).isEqualTo(state);
    }

    private void replay(int from) {
      for (Applied applied : log.subList(from, log.size())) {
        if (applied.record().position() >= firstPosition) {
          if (applied.fact().isEmpty()) {
            table.applyMessage(applied.record());
          } else {
            table.applyFact(applied.fact().get(), applied.record());
          }
        }
      }
      forget();
      servedPosition = records.endPosition();
      table.serve(servedPosition, queue -> {});
    }

    private void assertHolds() {
      Set<String> known = new HashSet<>();
      model.forEach(
          (key, expected) -> {
            String topic = key.substring(0, key.indexOf('@'));
            int queueId = Integer.parseInt(key.substring(key.indexOf('@') + 1));
            table.find(topic, queueId).ifPresent(queue -> assertQueue(key, queue, expected));
            assertThat(table.nextOffset(topic, queueId)).as(key).isEqualTo(expected.next);
            known.add(key);
          });
      for (int topic = 0; topic < 2; topic++) {
        table
            .of("topic" + topic)
            .forEach(queue -> assertThat(known).contains(queue.topic() + "@" + queue.queueId()));
      }
    }

    private void assertQueue(String key, ConsumeQueue queue, ModelQueue expected) {
      Map<Long, Long> found = new TreeMap<>();
      for (long offset = queue.minOffset(); offset < queue.nextOffset(); offset++) {
        long at = offset;
        queue.find(at).ifPresent(entry -> found.put(at, entry.position()));
        long present =
            expected.positions.ceilingEntry(at) == null
                ? expected.next
                : expected.positions.ceilingKey(at);
        assertThat(queue.nextPresent(at)).as("%s from %d", key, at).isEqualTo(present);
      }
      assertThat(found).as(key).isEqualTo(expected.positions);
      assertThat(queue.minOffset())
          .as(key)
          .isEqualTo(expected.positions.isEmpty() ? expected.next : expected.positions.firstKey());
      long served =
          expected.positions.entrySet().stream()
              .filter(message -> message.getValue() + Records.SIZE_BYTES > servedPosition)
              .mapToLong(Map.Entry::getKey)
              .min()
              .orElse(expected.next);
      assertThat(queue.servedOffset()).as("served of %s", key).isGreaterThanOrEqualTo(served);
    }
  }
}
