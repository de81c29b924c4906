package io.moiety.broker.delivery;

import io.moiety.broker.filter.MessageFilter;
import io.moiety.broker.log.RecordDamagedException;
import io.moiety.broker.queue.Entry;
import io.moiety.broker.snapshot.BlockDamagedException;
import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.RecordReader;
import io.moiety.broker.store.RecordSpan;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One look through the queues for one who waits: from the lowest available message on, so what went
 * back comes first. It takes what matches, passes over what the subscription does not want, and
 * ends after a bounded number of messages, to go on later where it stopped. At a message that would
 * have to come from the disk it leaves the queue, too.
 *
 * <p>Used once, in the store turn.
 */
final class Pick {
  private static final Logger LOG = System.getLogger(Pick.class.getName());

  /** Messages and bytes to look at in one go; more would keep others from the turn. */
  private static final int MAX_LOOKED_AT = 1_000;

  private static final long MAX_BYTES_READ = 8L * 1024 * 1024;

  private final Waiting waiting;
  private final long maxSpan;
  private final long nowMillis;
  private final RecordReader reader;
  private final ReadAhead readAhead;
  private final DeadLetters deadLetters;
  private final List<Delivered> messages = new ArrayList<>();
  private final List<AckRange> expired = new ArrayList<>();
  private final List<GroupQueue> passedOver = new ArrayList<>();
  private Optional<String> stopped = Optional.empty();

  /** Of the queue that is being looked through. */
  private Optional<RecordSpan> lastRead = Optional.empty();

  private int bytes;
  private int lookedAt;
  private long bytesRead;
  private boolean unfinished;
  private boolean beingRead;

  /** What to do after a message was judged. */
  private enum Next {
    GO_ON,
    NO_ROOM,
    BEING_READ,
  }

  Pick(
      Waiting waiting,
      long maxSpan,
      long nowMillis,
      RecordReader reader,
      ReadAhead readAhead,
      DeadLetters deadLetters) {
    this.waiting = waiting;
    this.maxSpan = maxSpan;
    this.nowMillis = nowMillis;
    this.reader = reader;
    this.readAhead = readAhead;
    this.deadLetters = deadLetters;
  }

  /** Looks through the queues in the order given. */
  void from(List<GroupQueue> queues) {
    for (GroupQueue queue : queues) {
      if (waiting.wants(queue.key().queueId()) && !isFull() && !unfinished) {
        from(queue);
      }
    }
  }

  /** What was found; leased already. */
  List<Delivered> messages() {
    return messages;
  }

  /** Messages that had expired, to be acknowledged. */
  List<AckRange> expired() {
    return expired;
  }

  /** Queues of which something was passed over for good: it is not wanted, or gone. */
  List<GroupQueue> passedOver() {
    return passedOver;
  }

  /** True when there may be more that was not looked at yet. */
  boolean isUnfinished() {
    return unfinished;
  }

  /** True when a queue was left at a message that is being read; one is told when to look again. */
  boolean isBeingRead() {
    return beingRead;
  }

  /** Why messages that are there are not delivered. */
  Optional<String> stopped() {
    return stopped;
  }

  private void from(GroupQueue queue) {
    if (waiting.isInOrder() && queue.hasLeases()) {
      return;
    }
    MessageFilter filter = waiting.filter();
    lastRead = Optional.empty();
    OptionalLong next = queue.nextAvailable(queue.cursor(filter));
    while (next.isPresent() && !isFull()) {
      long queueOffset = next.getAsLong();
      if (isBeyondSpan(queue, queueOffset) || isOutOfBudget()) {
        break;
      }
      if (judge(queue, queueOffset) != Next.GO_ON) {
        break;
      }
      next = queue.nextAvailable(queueOffset + 1);
    }
    queue.cursor(filter, next.orElse(queue.queue().servedOffset()));
    if (next.isPresent() && lastRead.isPresent()) {
      readAhead.picked(queue, filter, lastRead.get(), next.getAsLong());
    }
  }

  private boolean isFull() {
    return messages.size() >= waiting.maxMessages() || bytes >= waiting.maxBytes();
  }

  private boolean isOutOfBudget() {
    unfinished = lookedAt >= MAX_LOOKED_AT || bytesRead >= MAX_BYTES_READ;
    return unfinished;
  }

  private boolean isBeyondSpan(GroupQueue queue, long queueOffset) {
    long floor = Math.max(queue.ledger().floor(), queue.queue().minOffset());
    if (queueOffset - floor < maxSpan || queue.rememberedCount() < maxSpan / 2) {
      queue.full(false);
      return false;
    }
    String text =
        "Delivery to "
            + queue.key()
            + " stops at offset "
            + queueOffset
            + ": message "
            + floor
            + " has not been acknowledged, and beyond it there is too much to remember: "
            + queue.rememberedCount()
            + " messages that are delivered, or ranges of acknowledged ones, where "
            + maxSpan / 2
            + " are allowed more than "
            + maxSpan
            + " messages away";
    stopped = Optional.of(text);
    if (!queue.isFull()) {
      LOG.log(Level.WARNING, text);
      queue.full(true);
    }
    return true;
  }

  private Next judge(GroupQueue queue, long queueOffset) {
    lookedAt++;
    Optional<Entry> entry;
    try {
      entry = queue.queue().find(queueOffset);
    } catch (BlockDamagedException | UncheckedIOException told) {
      return Next.GO_ON; // It is nobody's until the next start rebuilds its block, and stays.
    }
    if (entry.isEmpty()) {
      passOver(queue, queueOffset);
      return Next.GO_ON;
    }
    return judge(queue, queueOffset, entry.get());
  }

  private Next judge(GroupQueue queue, long queueOffset, Entry entry) {
    if (!waiting.filter().mayMatch(entry.tagsCode())) {
      return unmatched(queue, queueOffset);
    }
    RecordSpan span = ReadAhead.span(entry);
    if (!readAhead.isReadable(queue, waiting.filter(), queueOffset, span)) {
      beingRead = true;
      return Next.BEING_READ;
    }
    lastRead = Optional.of(span);
    Optional<RecordView> read = read(queue, queueOffset, entry);
    return read.isEmpty() ? Next.GO_ON : judge(queue, queueOffset, read.get());
  }

  private Next judge(GroupQueue queue, long queueOffset, RecordView message) {
    if (isExpired(message, nowMillis)) {
      expired.add(queue.key().range(queueOffset, queueOffset));
      return Next.GO_ON;
    }
    if (!queue.groupTopic().subscription().matches(message)) {
      passOver(queue, queueOffset);
      return Next.GO_ON;
    }
    if (!waiting.filter().matches(message)) {
      return unmatched(queue, queueOffset);
    }
    int count = queue.ledger().count(queueOffset);
    if (waiting.maxDeliveries() > 0 && count >= waiting.maxDeliveries()) {
      deadLetters.move(queue.key(), message, count);
      return Next.GO_ON;
    }
    if (!messages.isEmpty() && bytes + message.sizeBytes() > waiting.maxBytes()) {
      return Next.NO_ROOM;
    }
    queue.add(waiting.lease(queue, queueOffset, nowMillis));
    messages.add(new Delivered(queue.key().queueId(), queueOffset, count + 1, message));
    bytes += message.sizeBytes();
    return Next.GO_ON;
  }

  private Next unmatched(GroupQueue queue, long queueOffset) {
    if (waiting.speaksForGroup()) {
      passOver(queue, queueOffset);
    }
    return Next.GO_ON;
  }

  private void passOver(GroupQueue queue, long queueOffset) {
    queue.passOver(queueOffset);
    if (!passedOver.contains(queue)) {
      passedOver.add(queue);
    }
  }

  /**
   * A record that cannot be read is nobody's: it stays where it is, and what comes after it is
   * delivered.
   */
  private Optional<RecordView> read(GroupQueue queue, long queueOffset, Entry entry) {
    try {
      RecordView message = reader.read(entry.position(), entry.sizeBytes());
      bytesRead += message.sizeBytes();
      return Optional.of(message);
    } catch (RecordDamagedException | UncheckedIOException e) {
      LOG.log(Level.ERROR, "Message " + queueOffset + " of " + queue.key() + " cannot be read", e);
      return Optional.empty();
    }
  }

  static boolean isExpired(RecordView message, long nowMillis) {
    return message
        .property(PropertyNames.JMS_EXPIRATION)
        .map(Pick::expirationMillis)
        .filter(expiration -> expiration > 0 && expiration <= nowMillis)
        .isPresent();
  }

  /** A time that is no number, as only a foreign client writes, never comes. */
  private static long expirationMillis(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException foreign) {
      return 0;
    }
  }
}
