package io.moiety.broker.transaction;

import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.RecordReader;
import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.transaction.HalfMessages.Resolution;
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
import java.util.function.LongFunction;

/**
 * Commits and rolls back half messages: for their producers, and for administrators. The first
 * resolution is final: the same again is a success, a different one is refused.
 *
 * <p>Owner: the store turn.
 */
public final class Resolver {
  /** RocketMQ's tag of an op record: the half message is done with. */
  private static final String OP_TAG = "d";

  /** How large a half message that has ended is nobody knows; most are not larger. */
  private static final int READ_OF_ENDED_BYTES = 16 * 1024;

  private final HalfMessages halves;
  private final Completion completion;
  private final RecordReader reader;
  private final LongFunction<Optional<RecordView>> finder;
  private final Journal journal;

  /**
   * A resolver over one log.
   *
   * @param finder the record at a position, when it is there still
   */
  public Resolver(
      HalfMessages halves,
      Completion completion,
      RecordReader reader,
      LongFunction<Optional<RecordView>> finder,
      Journal journal) {
    this.halves = halves;
    this.completion = completion;
    this.reader = reader;
    this.finder = finder;
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
    Optional<RecordSpan> open = halves.find(target.position()).map(HalfMessage::span);
    Optional<RecordSpan> ended =
        halves
            .resolution(target.position())
            .map(known -> new RecordSpan(known.halfPosition(), READ_OF_ENDED_BYTES));
    return open.or(() -> ended).stream().toList();
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
      resolvedBefore(target, claimant, commit, answer);
      return;
    }
    HalfMessage half = found.get();
    RecordView stored = reader.read(half.storedPosition(), half.sizeBytes());
    Optional<Answer> refusal = refusal(stored, target, claimant);
    if (refusal.isPresent()) {
      answer.accept(refusal.get());
      return;
    }
    long end =
        commit
            ? completion.complete(stored, nowMillis).endPosition()
            : rollback(half, stored, MessageProperties.empty());
    journal.whenDurable(end, outcome -> answer.accept(new Answer.Resolved(outcome)));
  }

  /**
   * Why a half message is not the claimant's to speak of. Positions can be guessed, so a claimant
   * who is not anybody must also show the id.
   */
  static Optional<Answer> refusal(RecordView stored, Target target, Claimant claimant) {
    String uniqueKey = stored.property(PropertyNames.UNIQUE_KEY).orElse("");
    boolean permitted =
        claimant == Claimant.ANYBODY
            || (!target.uniqueKey().isEmpty()
                && target.uniqueKey().equals(uniqueKey)
                && claimant.mayDecide(Completion.real(stored).topic()));
    return permitted
        ? mismatch(stored, uniqueKey, target).map(Answer.Refused::new)
        : Optional.of(new Answer.NotPermitted());
  }

  /**
   * An administrator decides an open half message.
   *
   * @return the end of the record that says so, with who
   */
  long decide(HalfMessage half, boolean commit, String decidedBy, long nowMillis) {
    RecordView stored = reader.read(half.storedPosition(), half.sizeBytes());
    return commit
        ? completion.complete(stored, decidedBy, nowMillis).endPosition()
        : rollback(
            half, stored, MessageProperties.empty().with(PropertyNames.DECIDED_BY, decidedBy));
  }

  /** The same again is a success as soon as what was done before is durable. */
  private void resolvedBefore(
      Target target, Claimant claimant, boolean commit, Consumer<Answer> answer) {
    Optional<Answer> refusal = refusalOfResolved(target, claimant);
    if (refusal.isPresent()) {
      answer.accept(refusal.get());
      return;
    }
    Resolution asked = commit ? Resolution.COMMITTED : Resolution.ROLLED_BACK;
    Optional<Resolution> before =
        halves.resolution(target.position()).map(HalfMessages.Resolved::resolution);
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
                  + " before"
                  + (before.get() == Resolution.PARKED
                      ? ": an administrator decides or resumes it"
                      : ", which is final")));
    }
  }

  private static Optional<String> mismatch(RecordView stored, String uniqueKey, Target target) {
    HalfIdentity half = HalfIdentity.of(stored);
    String group = stored.property(PropertyNames.PRODUCER_GROUP).orElse("");
    if (!group.equals(target.producerGroup())) {
      return Optional.of(
          "the half message at position "
              + half.position()
              + " is of producer group "
              + group
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
    if (!target.uniqueKey().isEmpty() && !uniqueKey.equals(target.uniqueKey())) {
      return Optional.of(
          "the half message at position "
              + half.position()
              + " has the id "
              + uniqueKey
              + ", not "
              + target.uniqueKey());
    }
    return Optional.empty();
  }

  /**
   * Of a half message whose record is not there any more, who is not anybody hears nothing: whose
   * it was cannot be told.
   */
  private Optional<Answer> refusalOfResolved(Target target, Claimant claimant) {
    if (halves.resolution(target.position()).isEmpty()) {
      return Optional.empty();
    }
    Optional<RecordView> half =
        finder.apply(target.position()).filter(record -> record.topic().equals(SystemTopics.HALF));
    if (half.isPresent()) {
      return refusal(half.get(), target, claimant);
    }
    return claimant == Claimant.ANYBODY ? Optional.empty() : Optional.of(new Answer.NotPermitted());
  }

  private long rollback(HalfMessage half, RecordView stored, MessageProperties decidedBy) {
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
            decidedBy.with(PropertyNames.TAGS, OP_TAG));
    return journal.put(op).endPosition();
  }
}
