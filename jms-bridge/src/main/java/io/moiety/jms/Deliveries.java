package io.moiety.jms;

import io.moiety.client.AckSpan;
import io.moiety.client.Branch;
import io.moiety.client.Delivery;
import io.moiety.client.RequestTimeoutException;
import jakarta.jms.JMSException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A session's side of the deliveries that the broker leases to it: which the application has seen,
 * and how they are acknowledged or given back. The broker's session is opened with the first
 * consumer, so that a session that only sends has none.
 *
 * <p>Thread-safe; the caller sees to it that acknowledging and giving back do not overlap.
 */
final class Deliveries {

  private static final System.Logger LOGGER = System.getLogger(Deliveries.class.getName());

  private final Link link;
  private final Unacknowledged unacknowledged = new Unacknowledged();
  private final Set<Inbox> inboxes = ConcurrentHashMap.newKeySet();
  private volatile Link.@Nullable Session session;

  Deliveries(Link link) {
    this.link = link;
  }

  /** The broker's session; opens it at the first call. */
  synchronized Link.Session open() throws JMSException {
    Link.Session opened = session;
    if (opened == null) {
      opened = Await.answer(link.openSession(0, this::lost), "open a session at the broker");
      session = opened;
    }
    return opened;
  }

  /**
   * What was delivered went back with a lost connection. What of it the application has seen stays
   * here, so that it is not acknowledged as if nothing had been.
   */
  private List<AckSpan> lost() {
    inboxes.forEach(Inbox::lost);
    return unacknowledged.spans();
  }

  /** True when some of what the application has seen went back with a lost connection. */
  boolean hasLost() {
    Link.Session opened = session;
    return opened != null
        && link.resumes()
        && unacknowledged.first().stream().anyMatch(span -> !opened.stillHas(span.consumer()));
  }

  void add(Inbox inbox) {
    inboxes.add(inbox);
  }

  void remove(Inbox inbox) {
    inboxes.remove(inbox);
  }

  /** The application sees it from now on. */
  void seen(Delivery delivery) {
    unacknowledged.add(delivery);
  }

  int unacknowledgedCount() {
    return unacknowledged.count();
  }

  /** Acknowledges all that was seen, and waits until that is as durable as the broker makes it. */
  void acknowledge() throws JMSException {
    Await.answer(acknowledgeIn(Optional.empty()), "acknowledge the received messages");
  }

  /**
   * The same where a message may come again after a loss: whether the broker took the
   * acknowledgement that was under way does not matter then.
   */
  void acknowledgeOrRepeat() throws JMSException {
    try {
      Await.outcome(acknowledgeIn(Optional.empty()));
    } catch (ExecutionException failure) {
      Throwable cause = JmsExceptions.unwrap(failure);
      boolean isLoss =
          cause instanceof LinkLostException
              || (link.resumes() && cause instanceof RequestTimeoutException);
      if (!isLoss) {
        throw JmsExceptions.of("acknowledge the received messages", failure);
      }
      LOGGER.log(
          System.Logger.Level.DEBUG,
          "An acknowledgement was lost with its connection; its messages may come again",
          failure);
    }
  }

  /**
   * Acknowledges all that was seen.
   *
   * @param branch what decides about it
   */
  CompletableFuture<Void> acknowledgeIn(Optional<BranchWork> branch) {
    List<AckSpan> spans = unacknowledged.drain();
    Link.Session opened = session;
    if (spans.isEmpty() || opened == null) {
      return CompletableFuture.completedFuture(null);
    }
    branch.ifPresent(BranchWork::countAcknowledgement);
    Optional<Branch> decidedBy = branch.map(BranchWork::branch);
    return opened.acknowledge(spans, decidedBy);
  }

  /** Acknowledges one message that no application will see. */
  CompletableFuture<Void> discard(Delivery delivery) {
    Link.Session opened = session;
    return opened == null
        ? CompletableFuture.completedFuture(null)
        : opened.acknowledge(List.of(AckSpan.of(delivery)), Optional.empty());
  }

  /**
   * Gives back all that was not acknowledged, fetched ahead or seen, so that it is received again,
   * first and in order.
   *
   * <p>Each inbox starts anew: answers under way go to its former consumer at the broker, which is
   * closed before, so that nothing given back can still be taken from here.
   */
  void recover() throws JMSException {
    unacknowledged.drain();
    Link.Session opened = session;
    if (opened == null) {
      return;
    }
    List<CompletableFuture<Void>> steps = new ArrayList<>();
    for (Inbox inbox : inboxes) {
      steps.add(inbox.renew());
    }
    steps.add(opened.recover());
    Await.answer(
        CompletableFuture.allOf(steps.toArray(new CompletableFuture<?>[0])),
        "give back the received messages");
  }

  /** The same because of a failure that is thrown anyway; another one of this says nothing new. */
  void recoverAfter(JMSException failure) {
    try {
      recover();
    } catch (JMSException alsoFailed) {
      failure.addSuppressed(alsoFailed);
    }
  }

  void close() throws JMSException {
    Link.Session opened = session;
    if (opened != null && link.isOpen()) {
      Await.answer(opened.close(), "close the session at the broker");
    }
  }
}
