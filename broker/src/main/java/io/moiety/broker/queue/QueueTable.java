package io.moiety.broker.queue;

import io.moiety.broker.snapshot.BlockDamagedException;
import io.moiety.broker.snapshot.BlockFile;
import io.moiety.broker.snapshot.Section;
import io.moiety.broker.snapshot.StoredView;
import io.moiety.broker.store.DueWork;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.QueueNumbering;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.SystemRecord.QueuePosition;
import io.moiety.broker.store.SystemRecord.QueuesPositioned;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.SysFlag;
import io.moiety.protocol.SystemTopics;
import java.io.DataInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The view of all consume queues. An entry is there as soon as its record is appended, and may be
 * delivered when {@link #serve} has passed it.
 *
 * <p>A snapshot has the queues as they are; the base says only where each goes on, since a queue
 * whose messages are all gone must not begin at 0 again.
 *
 * <p>Owner: the store turn; finding a queue and reading its numbers is open to any thread.
 */
public final class QueueTable implements StoredView, QueueNumbering, DueWork {
  private static final Logger LOG = System.getLogger(QueueTable.class.getName());

  /** Queue positions in one fact, so that it stays a small record however long topics' names. */
  static final int POSITIONS_PER_FACT = 512;

  /** Minimums that are raised in one go, each of which may read a block. */
  private static final int MIN_RAISES = 64;

  private final BlockFile blocks;
  private final ConcurrentMap<String, TopicQueues> queuesByTopic = new ConcurrentHashMap<>();

  /** Exactly the queues that have more than they serve. */
  private final List<ConsumeQueue> unserved = new ArrayList<>();

  private final Queue<ConsumeQueue> minGone = new ArrayDeque<>();
  private long endPosition;
  private long servedPosition;

  /** An empty table, which keeps full blocks in the file. */
  public QueueTable(BlockFile blocks) {
    this.blocks = blocks;
  }

  public Optional<ConsumeQueue> find(String topic, int queueId) {
    TopicQueues queues = queuesByTopic.get(topic);
    return queues == null ? Optional.empty() : queues.find(queueId);
  }

  /** The queues of a topic that hold or held something, by queue id. */
  public List<ConsumeQueue> of(String topic) {
    TopicQueues queues = queuesByTopic.get(topic);
    return queues == null ? List.of() : queues.inOrder();
  }

  @Override
  public long nextOffset(String topic, int queueId) {
    return find(topic, queueId).map(ConsumeQueue::nextOffset).orElse(0L);
  }

  @Override
  public void applyMessage(LoggedRecord record) {
    if (!isQueued(record.sysFlag())) {
      return;
    }
    ConsumeQueue queue = queue(record.topic(), record.queueId(), record.queueOffset());
    Entry entry = new Entry(record.position(), record.sizeBytes(), tagsCodeOf(record));
    boolean allServed = queue.servedOffset() == queue.nextOffset();
    if (record.properties().has(PropertyNames.CARRIED)) {
      queue.repoint(record.queueOffset(), entry);
    } else {
      queue.append(record.queueOffset(), entry);
    }
    if (allServed && queue.servedOffset() < queue.nextOffset()) {
      unserved.add(queue);
    }
    endPosition = record.endPosition();
  }

  @Override
  public void applyFact(SystemRecord fact, LoggedRecord record) {
    if (fact instanceof SystemRecord.TopicDeleted deleted) {
      delete(deleted.topic());
    } else if (fact instanceof QueuesPositioned positioned) {
      for (QueuePosition position : positioned.positions()) {
        queue(position.topic(), position.queueId(), position.nextOffset())
            .skipTo(position.nextOffset());
      }
    }
  }

  @Override
  public Object state() {
    return all().stream().map(QueueState::of).collect(Collectors.toSet());
  }

  @Override
  public void sayFacts(Consumer<SystemRecord> base) {
    List<QueuePosition> positions = new ArrayList<>();
    for (ConsumeQueue queue : all()) {
      positions.add(new QueuePosition(queue.topic(), queue.queueId(), queue.nextOffset()));
    }
    for (int from = 0; from < positions.size(); from += POSITIONS_PER_FACT) {
      int end = Math.min(positions.size(), from + POSITIONS_PER_FACT);
      base.accept(new QueuesPositioned(List.copyOf(positions.subList(from, end))));
    }
  }

  /**
   * Gives back the blocks that hold only what is gone, in time linear in their number. Minimums
   * whose place only a file tells follow in {@link #run}, a few at a time; until then a queue's
   * first messages are found gone one by one.
   */
  @Override
  public void forgetBefore(long firstPosition) {
    minGone.clear();
    for (ConsumeQueue queue : all()) {
      queue.forgetBefore(firstPosition);
      if (queue.isMinGone()) {
        minGone.add(queue);
      }
    }
    raiseMinimums();
  }

  @Override
  public void run(long nowMillis) {
    raiseMinimums();
  }

  @Override
  public long nextDueMillis() {
    return minGone.isEmpty() ? Long.MAX_VALUE : 0;
  }

  /** Opens everything that ends at or before the position for delivery, then tells who waits. */
  public void serve(long newServedPosition, ServedListener listener) {
    if (unserved.isEmpty() || newServedPosition <= servedPosition) {
      return;
    }
    servedPosition = newServedPosition;
    List<ConsumeQueue> changed = new ArrayList<>(unserved.size());
    if (newServedPosition >= endPosition) {
      unserved.forEach(ConsumeQueue::serveAll);
      changed.addAll(unserved);
      unserved.clear();
    } else {
      unserved.forEach(
          queue -> {
            if (serveUpTo(queue, newServedPosition)) {
              changed.add(queue);
            }
          });
      unserved.removeIf(queue -> queue.servedOffset() == queue.nextOffset());
    }
    changed.forEach(listener::served);
  }

  @Override
  public String sectionName() {
    return "queues";
  }

  @Override
  public int sectionVersion() {
    return 1;
  }

  @Override
  public Section capture() {
    List<QueueImage> queues = all().stream().map(ConsumeQueue::capture).toList();
    return new QueueSection(queues, blocks.capture());
  }

  @Override
  public void restore(DataInput section) throws IOException {
    for (QueueImage image : QueueSection.read(section)) {
      for (BlockList.Block block : image.blocks()) {
        blocks.retain(block.id());
      }
      topicQueues(image.topic()).add(new ConsumeQueue(image, blocks));
    }
  }

  /** A queue with a damaged block waits until all of it is served; the others go on. */
  private static boolean serveUpTo(ConsumeQueue queue, long newServedPosition) {
    try {
      return queue.serveUpTo(newServedPosition);
    } catch (BlockDamagedException | UncheckedIOException told) {
      return false;
    }
  }

  private ConsumeQueue queue(String topic, int queueId, long firstOffset) {
    TopicQueues queues = topicQueues(topic);
    return queues
        .find(queueId)
        .orElseGet(
            () -> {
              ConsumeQueue queue = new ConsumeQueue(topic, queueId, firstOffset, blocks);
              queues.add(queue);
              return queue;
            });
  }

  private TopicQueues topicQueues(String topic) {
    TopicQueues known = queuesByTopic.get(topic);
    return known != null
        ? known
        : queuesByTopic.computeIfAbsent(topic, absent -> new TopicQueues());
  }

  private List<ConsumeQueue> all() {
    return queuesByTopic.values().stream().flatMap(queues -> queues.inOrder().stream()).toList();
  }

  private void delete(String topic) {
    List<ConsumeQueue> queues = of(topic);
    queuesByTopic.remove(topic);
    queues.forEach(ConsumeQueue::delete);
    unserved.removeAll(queues);
    minGone.removeAll(queues);
  }

  /** A minimum that a damaged block hides stays where it is: what is there is found gone. */
  private void raiseMinimums() {
    for (int left = MIN_RAISES; left > 0 && !minGone.isEmpty(); left--) {
      ConsumeQueue queue = minGone.remove();
      try {
        queue.raiseMin();
      } catch (BlockDamagedException | UncheckedIOException damaged) {
        LOG.log(
            Level.ERROR,
            "The first message of topic {0} queue {1} cannot be found: {2}",
            queue.topic(),
            queue.queueId(),
            damaged.getMessage());
      }
    }
  }

  /** Raw records with transaction bits 4 (prepared) or 12 (rollback) get no entry. */
  private static boolean isQueued(int sysFlag) {
    int transactionType = sysFlag & SysFlag.TRANSACTION_MASK;
    return transactionType == SysFlag.TRANSACTION_NONE
        || transactionType == SysFlag.TRANSACTION_COMMIT;
  }

  private static long tagsCodeOf(LoggedRecord record) {
    if (record.topic().equals(SystemTopics.SCHEDULE)) {
      return record.properties().get(PropertyNames.TIMER_OUT_MS).map(Long::parseLong).orElse(0L);
    }
    return record
        .properties()
        .get(PropertyNames.TAGS)
        .map(tags -> (long) tags.hashCode())
        .orElse(0L);
  }
}
