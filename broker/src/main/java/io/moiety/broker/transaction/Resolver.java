package io.moiety.broker.transaction;

import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.RecordReader;
import io.moiety.broker.store.RecordSpan;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SysFlag;
import io.moiety.protocol.SystemTopics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Commits and rolls back half messages. The first resolution is final: the same again is a success,
 * a different one is refused.
 *
 * <p>Owner: the store turn.
 */
public final class Resolver {
  /** RocketMQ's tag of an op record: the half message is done with. */
  private static final String OP_TAG = "d";

  private final HalfMessages halves;
  private final Completion completion;
  private final RecordReader reader;
  private final Journal journal;

  public Resolver(
      HalfMessages halves, Completion completion, RecordReader reader, Journal journal) {
    this.halves = halves;
    this.completion = completion;
    this.reader = reader;
    this.journal = journal;
  }

  /**
   * Which half message is meant, as {@code END_TRANSACTION} names it: all must agree, since clients
   * may name positions that are something else by now.
   */
  public record Target(
      long position, long halfQueueOffset, String producerGroup, String uniqueKey) {}

  /** Who wants to resolve. */
  @FunctionalInterface
  public interface Claimant {

    /** May decide whatever it can name. */
    Claimant ANYBODY = topic -> true;

    /** Whether it may decide what was sent to this topic. */
    boolean mayDecide(String realTopic);
  }

  /** What a resolution ends with. */
  public sealed interface Answer {
    /** Final; {@code outcome} tells whether it is as durable as it has to be. */
    record Resolved(PutStatus outcome) implements Answer {}

    record Refused(String reason) implements Answer {}

    /** Nothing more is said, since the claimant may know nothing of the message. */
    record NotPermitted() implements Answer {}
  }

  /** What {@link #resolve} would read, for who has it read elsewhere before. */
  public List<RecordSpan> reads(Target target) {
    return halves.find(target.position()).map(HalfMessage::span).stream().toList();
  }

  /** As the other, for somebody who may decide whatever it can name. */
  public void resolve(Target target, boolean commit, long nowMillis, Consumer<Answer> answer) {
    resolve(target, Claimant.ANYBODY, commit, nowMillis, answer);
  }

  /** Commits or rolls back, when the claimant may. */
  public void resolve(
      Target target, Claimant claimant, boolean commit, long nowMillis, Consumer<Answer> answer) {
    Optional<HalfMessage> found = halves.find(target.position());
    if (found.isEmpty()) {
      resolvedBefore(target, commit, answer);
      return;
    }
    HalfMessage half = found.get();
    if (!isPermitted(half, target, claimant)) {
      answer.accept(new Answer.NotPermitted());
      return;
    }
    Optional<String> mismatch = mismatch(half, target);
    if (mismatch.isPresent()) {
      answer.accept(new Answer.Refused(mismatch.get()));
      return;
    }
    long end =
        commit
            ? completion.complete(half.storedPosition(), half.sizeBytes(), nowMillis).endPosition()
            : rollback(half);
    journal.whenDurable(end, outcome -> answer.accept(new Answer.Resolved(outcome)));
  }

  /** Positions can be guessed, so a claimant who is not anybody must also show the id. */
  private boolean isPermitted(HalfMessage half, Target target, Claimant claimant) {
    if (claimant == Claimant.ANYBODY) {
      return true;
    }
    return !target.uniqueKey().isEmpty()
        && target.uniqueKey().equals(half.uniqueKey())
        && claimant.mayDecide(
            Completion.real(reader.read(half.storedPosition(), half.sizeBytes())).topic());
  }

  /** The same again is a success as soon as what was done before is durable. */
  private void resolvedBefore(Target target, boolean commit, Consumer<Answer> answer) {
    HalfMessages.Resolution asked =
        commit ? HalfMessages.Resolution.COMMITTED : HalfMessages.Resolution.ROLLED_BACK;
    Optional<HalfMessages.Resolution> before = halves.resolution(target.position());
    if (before.isEmpty()) {
      answer.accept(
          new Answer.Refused("there is no open half message at position " + target.position()));
    } else if (before.get() == asked) {
      journal.whenDurable(
          journal.endPosition(), outcome -> answer.accept(new Answer.Resolved(outcome)));
    } else {
      answer.accept(
          new Answer.Refused(
              "the half message at position "
                  + target.position()
                  + " was "
                  + before.get()
                  + " before, which is final"));
    }
  }

  private static Optional<String> mismatch(HalfMessage half, Target target) {
    if (!half.producerGroup().equals(target.producerGroup())) {
      return Optional.of(
          "the half message at position "
              + half.position()
              + " is of producer group "
              + half.producerGroup()
              + ", not "
              + target.producerGroup());
    }
    if (half.queueOffset() != target.halfQueueOffset()) {
      return Optional.of(
          "the half message at position "
              + half.position()
              + " has offset "
              + half.queueOffset()
              + " in the half queue, not "
              + target.halfQueueOffset());
    }
    if (!target.uniqueKey().isEmpty() && !half.uniqueKey().equals(target.uniqueKey())) {
      return Optional.of(
          "the half message at position "
              + half.position()
              + " has the id "
              + half.uniqueKey()
              + ", not "
              + target.uniqueKey());
    }
    return Optional.empty();
  }

  private long rollback(HalfMessage half) {
    RecordView stored = reader.read(half.storedPosition(), half.sizeBytes());
    byte[] halfOffset = Long.toString(half.queueOffset()).getBytes(StandardCharsets.US_ASCII);
    RecordDraft op =
        new RecordDraft(
            SystemTopics.OP_HALF,
            0,
            0,
            0,
            SysFlag.TRANSACTION_NONE,
            stored.bornTimestampMillis(),
            stored.bornHost(),
            stored.storeHost(),
            0,
            half.position(),
            ByteBuffer.wrap(halfOffset),
            MessageProperties.empty().with(PropertyNames.TAGS, OP_TAG));
    return journal.put(op).endPosition();
  }
}
