package io.moiety.broker.transaction;

import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.Journal;
import io.moiety.broker.transaction.HalfMessages.Resolved;
import io.moiety.protocol.RecordView;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What became of half messages, for their producers. Nothing is told that a crash could take back.
 *
 * <p>Owner: the store turn.
 */
public final class HalfOutcomes {
  private final HalfMessages halves;
  private final Journal journal;

  public HalfOutcomes(HalfMessages halves, Journal journal) {
    this.halves = halves;
    this.journal = journal;
  }

  /** What can be said of half messages. */
  public sealed interface Answer {
    /** What became of them, or {@link HalfState#UNKNOWN} when that is not remembered. */
    record Known(HalfState state) implements Answer {}

    /** The disk did not confirm what is known of them. */
    record NotDurable(PutStatus outcome) implements Answer {}
  }

  /**
   * The outcome of one transaction, which may have been sent more than once: a message of it that
   * is seen counts more than one that is open, and that more than one that is never seen.
   *
   * @param positions of its half messages
   */
  public void outcome(Collection<Long> positions, Consumer<Answer> answer) {
    HalfState state =
        positions.stream()
            .map(this::state)
            .max(Comparator.naturalOrder())
            .orElse(HalfState.UNKNOWN);
    journal.whenDurable(
        journal.endPosition(),
        outcome ->
            answer.accept(
                outcome == PutStatus.PUT_OK
                    ? new Answer.Known(state)
                    : new Answer.NotDurable(outcome)));
  }

  /** The position by which a half message is known, wherever its record lies. */
  public static long positionOf(RecordView half) {
    return HalfIdentity.of(half).position();
  }

  private HalfState state(long position) {
    if (halves.find(position).isPresent()) {
      return HalfState.OPEN;
    }
    Optional<Resolved> resolved = halves.resolution(position);
    return resolved
        .map(
            known ->
                switch (known.resolution()) {
                  case COMMITTED -> HalfState.COMMITTED;
                  case ROLLED_BACK -> HalfState.ROLLED_BACK;
                  case PARKED -> HalfState.PARKED;
                })
        .orElse(HalfState.UNKNOWN);
  }
}
