package io.moiety.broker.delivery;

import io.moiety.broker.log.Appended;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.Journal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Sessions say what they are done with: all of a request or nothing. A request is {@linkplain
 * #claim claimed} first; then it is either {@linkplain #acknowledge acknowledged} for good, or a
 * branch takes it and the session {@linkplain #taken has it no more}.
 *
 * <p>Owner: the store turn.
 */
public final class Acknowledgements {
  private final SessionTable sessions;
  private final Waiters waiters;
  private final Journal journal;

  Acknowledgements(SessionTable sessions, Waiters waiters, Journal journal) {
    this.sessions = sessions;
    this.waiters = waiters;
    this.journal = journal;
  }

  /** Checks that the session has all these messages; changes nothing. */
  public Outcome<Claim> claim(long connectionId, long session, List<AckSpan> spans) {
    Optional<Session> found = sessions.find(connectionId, session);
    if (found.isEmpty()) {
      return new Outcome.Refused<>(Refusal.unknownSession(session));
    }
    Set<Lease> leases = new LinkedHashSet<>();
    for (AckSpan span : spans) {
      Optional<Refusal> refusal = claim(found.get(), span, leases);
      if (refusal.isPresent()) {
        return new Outcome.Refused<>(refusal.get());
      }
    }
    return new Outcome.Done<>(new Claim(leases));
  }

  /**
   * Acknowledges for good.
   *
   * @param waiter told when that is as durable as the flush mode demands
   * @throws io.moiety.broker.log.AppendRefusedException with nothing changed
   */
  public void acknowledge(Claim claim, Journal.Waiter waiter) {
    OptionalLong endPosition = acknowledge(claim);
    if (endPosition.isPresent()) {
      journal.whenServed(endPosition.getAsLong(), waiter);
    } else {
      waiter.done(PutStatus.PUT_OK);
    }
  }

  /**
   * Acknowledges for good, as far as the log is concerned: the disk has it a moment later.
   *
   * @return where in the log that ends; nothing when there was nothing to write
   * @throws io.moiety.broker.log.AppendRefusedException with nothing changed
   */
  public OptionalLong acknowledge(Claim claim) {
    List<AckRange> ranges = new ArrayList<>(claim.ranges());
    ranges.addAll(waiters.passedOver(claim.queues()));
    if (ranges.isEmpty()) {
      taken(claim);
      return OptionalLong.empty();
    }
    Appended appended = journal.acknowledge(ranges);
    waiters.passedOverWritten(claim.queues());
    taken(claim);
    return OptionalLong.of(appended.endPosition());
  }

  /** The messages are the session's no more: the log or a branch has them. */
  public void taken(Claim claim) {
    claim.leases().forEach(lease -> lease.queue().remove(lease));
  }

  private static Optional<Refusal> claim(Session session, AckSpan span, Set<Lease> leases) {
    Optional<SessionConsumer> consumer = session.consumer(span.consumer());
    long size = span.lastOffset() - span.firstOffset() + 1;
    if (consumer.isEmpty() || size < 1 || size > session.leaseCount()) {
      return Optional.of(notLeased(session, span, span.firstOffset()));
    }
    for (long offset = span.firstOffset(); offset <= span.lastOffset(); offset++) {
      Optional<Lease> lease = consumer.get().lease(span.queueId(), offset);
      if (lease.isEmpty()) {
        return Optional.of(notLeased(session, span, offset));
      }
      leases.add(lease.get());
    }
    return Optional.empty();
  }

  private static Refusal notLeased(Session session, AckSpan span, long offset) {
    return new Refusal(
        Refusal.Reason.NOT_LEASED,
        "Consumer "
            + span.consumer()
            + " of session "
            + session.id()
            + " does not have message "
            + offset
            + " of queue "
            + span.queueId()
            + " (span "
            + span.firstOffset()
            + " to "
            + span.lastOffset()
            + "): it was never delivered to it, or acknowledged or given back before. Nothing of"
            + " this request is acknowledged");
  }
}
