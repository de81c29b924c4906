package io.moiety.broker.delivery;

import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.RecordReader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Serves those who wait for messages: at once when there are some, else when something is served or
 * goes back, else with the definite answer that there is nothing at their deadline.
 *
 * <p>Confined to the store turn.
 */
final class Waiters {
  private static final Logger LOG = System.getLogger(Waiters.class.getName());

  /** How long passed over messages may stay out of the log, and how many of a queue. */
  private static final long PASSED_OVER_MILLIS = 5_000;

  private static final long PASSED_OVER_MESSAGES = 10_000;

  /** Looks that ended at their bound before others get the turn. */
  private static final int MAX_UNFINISHED = 8;

  private final Ledgers ledgers;
  private final QueueTable queues;
  private final GroupTopics groupTopics;
  private final Journal journal;
  private final RecordReader reader;
  private final ReadAhead readAhead;
  private final DeadLetters deadLetters;
  private final long maxSpan;
  private final DueQueue<Waiting> deadlines = new DueQueue<>();
  private final DueQueue<GroupQueue> passedOver = new DueQueue<>();

  /** How one who waited was left. */
  private enum Left {
    ANSWERED,
    NOTHING_THERE,
    UNFINISHED,
    BEING_READ,
  }

  Waiters(
      Ledgers ledgers,
      QueueTable queues,
      GroupTopics groupTopics,
      Journal journal,
      RecordReader reader,
      ColdReads coldReads,
      DeadLetters deadLetters,
      long maxSpan) {
    this.ledgers = ledgers;
    this.queues = queues;
    this.groupTopics = groupTopics;
    this.journal = journal;
    this.reader = reader;
    this.readAhead = new ReadAhead(coldReads, this::readEnded);
    this.deadLetters = deadLetters;
    this.maxSpan = maxSpan;
  }

  /** Somebody new wants messages. */
  void add(Waiting newcomer, long nowMillis) {
    newcomer.groupTopic().add(newcomer);
    deadlines.put(newcomer, newcomer.deadlineMillis());
    if (serve(newcomer, nowMillis) == Left.UNFINISHED) {
      groupTopics.becameReady(newcomer.groupTopic());
    }
  }

  /** Somebody wants no more; answered with nothing. */
  void cancel(Waiting waiting) {
    if (end(waiting)) {
      waiting.nothing(Optional.empty());
    }
  }

  /** Answers what can be answered, and writes down what was passed over long ago. */
  void advance(long nowMillis) {
    serveReady(nowMillis);
    writePassedOver(nowMillis);
  }

  /** When {@link #advance} has something to do; 0 when it has it now. */
  long nextDueMillis() {
    if (groupTopics.readyCount() > 0) {
      return 0;
    }
    return Math.min(deadlines.nextDueMillis(), passedOver.nextDueMillis());
  }

  /**
   * What was passed over, to be written with acknowledgements of the same queues. It is kept until
   * {@link #passedOverWritten}: what the log does not take is written another time.
   */
  List<AckRange> passedOver(Iterable<GroupQueue> ofQueues) {
    List<AckRange> ranges = new ArrayList<>();
    ofQueues.forEach(queue -> ranges.addAll(queue.passedOver()));
    return ranges;
  }

  /** The log has what was passed over of these queues. */
  void passedOverWritten(Iterable<GroupQueue> ofQueues) {
    for (GroupQueue queue : ofQueues) {
      passedOver.remove(queue);
      queue.passedOverWritten();
    }
  }

  private void serveReady(long nowMillis) {
    Optional<Waiting> due = deadlines.pollDue(nowMillis);
    while (due.isPresent()) {
      if (serve(due.get(), nowMillis) == Left.UNFINISHED) {
        groupTopics.becameReady(due.get().groupTopic());
      }
      due = deadlines.pollDue(nowMillis);
    }
    int unfinished = 0;
    for (int left = groupTopics.readyCount(); left > 0 && unfinished < MAX_UNFINISHED; left--) {
      unfinished +=
          groupTopics.pollReady().map(groupTopic -> serveAll(groupTopic, nowMillis)).orElse(0);
    }
  }

  /** Returns how many looks ended at their bound. */
  private int serveAll(GroupTopic groupTopic, long nowMillis) {
    int unfinished = 0;
    for (Waiting waiting : groupTopic.waiting()) {
      Left left = serve(waiting, nowMillis);
      if (left == Left.UNFINISHED) {
        unfinished++;
      } else if (left == Left.NOTHING_THERE && wantsAll(waiting)) {
        break;
      }
    }
    if (unfinished > 0) {
      groupTopics.becameReady(groupTopic);
    }
    return unfinished;
  }

  private static boolean wantsAll(Waiting waiting) {
    return waiting.filter().equals(MessageFilter.ALL)
        && !waiting.isInOrder()
        && waiting.groupTopic().queues().stream()
            .allMatch(queue -> waiting.wants(queue.key().queueId()));
  }

  private Left serve(Waiting waiting, long nowMillis) {
    GroupTopic groupTopic = waiting.groupTopic();
    if (groupTopic.isGone()) {
      if (end(waiting)) {
        waiting.refused(
            new Refusal(Refusal.Reason.UNKNOWN_GROUP, "The " + groupTopic + " was deleted"));
      }
      return Left.ANSWERED;
    }
    if (waiting instanceof PopAsking asking) {
      return answer(asking, nowMillis);
    }
    Pick pick = new Pick(waiting, maxSpan, nowMillis, reader, readAhead, deadLetters);
    pick.from(groupTopic.inTurn(queues.of(groupTopic.topic()), ledgers));
    expire(groupTopic, pick.expired(), nowMillis);
    pick.passedOver().forEach(queue -> notePassedOver(queue, nowMillis));
    if (!pick.messages().isEmpty()) {
      end(waiting);
      waiting.messages(pick.messages(), nowMillis);
      return Left.ANSWERED;
    }
    if (pick.isUnfinished()) {
      return Left.UNFINISHED;
    }
    if (pick.isBeingRead()) {
      return Left.BEING_READ;
    }
    if (waiting.deadlineMillis() <= nowMillis && end(waiting)) {
      waiting.nothing(pick.stopped());
      return Left.ANSWERED;
    }
    return Left.NOTHING_THERE;
  }

  private Left answer(PopAsking asking, long nowMillis) {
    GroupTopic groupTopic = asking.groupTopic();
    if (asking.isAnsweredBy(groupTopic.inTurn(queues.of(groupTopic.topic()), ledgers))) {
      end(asking);
      asking.something();
      return Left.ANSWERED;
    }
    if (asking.deadlineMillis() <= nowMillis && end(asking)) {
      asking.nothing(Optional.empty());
      return Left.ANSWERED;
    }
    return Left.NOTHING_THERE;
  }

  /**
   * Messages can be looked at that could not. Those whose deadline came meanwhile were not told
   * that there is nothing, since that was not known; so they are due again.
   */
  private void readEnded(GroupQueue queue) {
    GroupTopic groupTopic = queue.groupTopic();
    for (Waiting waiting : groupTopic.waiting()) {
      deadlines.putIfAbsent(waiting, waiting.deadlineMillis());
    }
    groupTopics.becameReady(groupTopic);
  }

  private boolean end(Waiting waiting) {
    deadlines.remove(waiting);
    boolean waited = waiting.groupTopic().remove(waiting);
    if (waited) {
      waiting.ended();
    }
    return waited;
  }

  private void notePassedOver(GroupQueue queue, long nowMillis) {
    if (queue.passedOverSize() >= PASSED_OVER_MESSAGES) {
      passedOver.put(queue, nowMillis);
    } else {
      passedOver.putIfAbsent(queue, nowMillis + PASSED_OVER_MILLIS);
    }
  }

  private void writePassedOver(long nowMillis) {
    if (passedOver.nextDueMillis() > nowMillis) {
      return;
    }
    List<GroupQueue> all = new ArrayList<>();
    Optional<GroupQueue> next = passedOver.pollDue(Long.MAX_VALUE);
    while (next.isPresent()) {
      all.add(next.get());
      next = passedOver.pollDue(Long.MAX_VALUE);
    }
    all.removeIf(queue -> queue.groupTopic().isGone());
    if (acknowledge(passedOver(all), "passed over")) {
      passedOverWritten(all);
    } else {
      all.forEach(queue -> passedOver.put(queue, nowMillis + PASSED_OVER_MILLIS));
    }
  }

  /** What the log does not take now is passed over and so written later. */
  private void expire(GroupTopic groupTopic, List<AckRange> expired, long nowMillis) {
    if (acknowledge(expired, "expired")) {
      return;
    }
    for (AckRange range : expired) {
      groupTopic
          .queue(range.queueId())
          .ifPresent(
              queue -> {
                queue.passOver(range.firstOffset());
                notePassedOver(queue, nowMillis);
              });
    }
  }

  /** False when the log takes nothing. */
  private boolean acknowledge(List<AckRange> ranges, String why) {
    if (ranges.isEmpty()) {
      return true;
    }
    try {
      journal.acknowledge(ranges);
      return true;
    } catch (AppendRefusedException e) {
      LOG.log(
          Level.WARNING,
          "Messages that are {0} cannot be written down now and will be later: {1}",
          why,
          e.getMessage());
      return false;
    }
  }
}
