package io.moiety.jms;

import io.moiety.client.AckSpan;
import io.moiety.client.BrokerException;
import io.moiety.client.Delivery;
import io.moiety.client.RequestTimeoutException;
import io.moiety.protocol.ResponseCode;
import jakarta.jms.JMSException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
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
  private static final String ACKNOWLEDGE = "acknowledge the received messages";

  private final Link link;
  private final Unacknowledged unacknowledged = new Unacknowledged();

  /** Acknowledged by a request whose answer did not come. */
  private final List<AckSpan> unanswered = new CopyOnWriteArrayList<>();

  private final Queue<Runnable> awaitingAcknowledgement = new ConcurrentLinkedQueue<>();
  private final Set<Inbox> inboxes = ConcurrentHashMap.newKeySet();
  private volatile Link.@Nullable Session session;

  /** The answer to {@link #beginAcknowledgement}; null when it was looked at. */
  private final AtomicReference<@Nullable CompletableFuture<Void>> underWay =
      new AtomicReference<>();

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
    List<AckSpan> seen = new ArrayList<>(unanswered);
    seen.addAll(unacknowledged.spans());
    return seen;
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

  /**
   * Acknowledges all that was seen, and waits until that is as durable as the broker makes it. What
   * the broker refused can be acknowledged again.
   */
  void acknowledge() throws JMSException {
    JMSException someComeAgain = acknowledgeUnanswered();
    acknowledgeSeen();
    if (someComeAgain != null) {
      throw someComeAgain;
    }
  }

  private void acknowledgeSeen() throws JMSException {
    List<AckSpan> spans = unacknowledged.drain();
    Link.Session opened = session;
    if (spans.isEmpty() || opened == null) {
      return;
    }
    try {
      Await.outcome(opened.acknowledge(spans, Optional.empty()));
    } catch (ExecutionException failure) {
      keep(spans, JmsExceptions.unwrap(failure));
      throw JmsExceptions.of(ACKNOWLEDGE, failure);
    }
    settled();
  }

  /** What went back with a lost connection comes again; the rest can be acknowledged again. */
  private void keep(List<AckSpan> spans, Throwable failure) {
    if (failure instanceof BrokerException) {
      unacknowledged.restore(spans);
    } else if (!(failure instanceof LinkLostException)) {
      unanswered.addAll(spans);
    }
  }

  /**
   * The broker may have taken them before. It takes all of a request or nothing, so they are not
   * put together with others, and when it does not know them any more they were taken.
   *
   * @return what to throw, when the rest is acknowledged, for those that a loss gave back
   */
  private @Nullable JMSException acknowledgeUnanswered() throws JMSException {
    Link.Session opened = session;
    if (unanswered.isEmpty() || opened == null) {
      return null;
    }
    JMSException givenBack = null;
    try {
      Await.outcome(opened.acknowledge(List.copyOf(unanswered), Optional.empty()));
    } catch (ExecutionException failure) {
      Throwable cause = JmsExceptions.unwrap(failure);
      boolean takenBefore =
          cause instanceof BrokerException refused
              && refused.code() == ResponseCode.INVALID_PARAMETER;
      if (cause instanceof LinkLostException) {
        givenBack = JmsExceptions.of(ACKNOWLEDGE, failure);
      } else if (!takenBefore) {
        throw JmsExceptions.of(ACKNOWLEDGE, failure);
      }
    }
    unanswered.clear();
    return givenBack;
  }

  /**
   * Acknowledges one message, unless it was given back meanwhile, and waits until the broker's log
   * has that, not for its disk: the application is not told.
   */
  void acknowledgeOrRepeat(Delivery delivery) throws JMSException {
    beginAcknowledgement(delivery);
    awaitAcknowledgement();
  }

  /**
   * The same, but the answer is left to {@link #awaitAcknowledgement}, which comes before another
   * message is seen: never more than the last one is in doubt.
   */
  void beginAcknowledgement(Delivery delivery) throws JMSException {
    awaitAcknowledgement();
    Link.Session opened = session;
    if (opened != null && unacknowledged.remove(delivery)) {
      CompletableFuture<Void> answer = opened.acknowledgeAppended(List.of(AckSpan.of(delivery)));
      underWay.set(answer);
      answer.whenComplete(this::acknowledgementAnswered);
    }
  }

  private void acknowledgementAnswered(@Nullable Void done, @Nullable Throwable failure) {
    if (failure != null && isLoss(failure)) {
      LOGGER.log(
          System.Logger.Level.DEBUG,
          "An acknowledgement was lost with its connection; its message may come again",
          failure);
    }
    settled();
  }

  private boolean isLoss(Throwable failure) {
    Throwable cause = JmsExceptions.unwrap(failure);
    return cause instanceof LinkLostException
        || (link.resumes() && cause instanceof RequestTimeoutException);
  }

  /**
   * Waits for what {@link #beginAcknowledgement} began, if that is still open. Its message may come
   * again after a loss, so whether the broker took an acknowledgement that was under way then does
   * not matter.
   */
  void awaitAcknowledgement() throws JMSException {
    CompletableFuture<Void> begun = underWay.get();
    if (begun == null) {
      return;
    }
    try {
      Await.outcome(begun);
    } catch (ExecutionException failure) {
      if (!isLoss(failure)) {
        throw JmsExceptions.of(ACKNOWLEDGE, failure);
      }
    } finally {
      underWay.compareAndSet(begun, null);
    }
  }

  /**
   * Acknowledges all that was seen without waiting, but for the message that a listener is in the
   * middle of.
   */
  CompletableFuture<Void> acknowledgeBut(@Nullable Delivery listening) {
    boolean kept = listening != null && unacknowledged.remove(listening);
    List<AckSpan> spans = unacknowledged.drain();
    if (listening != null && kept) {
      unacknowledged.add(listening);
    }
    Link.Session opened = session;
    if (spans.isEmpty() || opened == null) {
      return CompletableFuture.completedFuture(null);
    }
    return opened.acknowledgeAppended(spans).whenComplete((done, failure) -> settled());
  }

  /** Leaves it to a branch to acknowledge all that was seen. */
  CompletableFuture<Void> acknowledgeIn(BranchWork branch) {
    List<AckSpan> spans = unacknowledged.drain();
    Link.Session opened = session;
    if (spans.isEmpty() || opened == null) {
      return CompletableFuture.completedFuture(null);
    }
    branch.countAcknowledgement();
    return opened
        .acknowledge(spans, Optional.of(branch.branch()))
        .whenComplete((done, failure) -> settled());
  }

  /**
   * Once nothing that was seen is unacknowledged, at the latest when the session is closed; at once
   * when that is so now. Runs on a thread of the network.
   */
  void whenAcknowledged(Runnable action) {
    awaitingAcknowledgement.add(action);
    settled();
  }

  private void settled() {
    CompletableFuture<Void> begun = underWay.get();
    boolean isUnderWay = begun != null && !begun.isDone();
    if (unacknowledged.count() == 0 && unanswered.isEmpty() && !isUnderWay) {
      for (Runnable next = awaitingAcknowledgement.poll();
          next != null;
          next = awaitingAcknowledgement.poll()) {
        next.run();
      }
    }
  }

  /** Acknowledges one message that no application will see. */
  CompletableFuture<Void> discard(Delivery delivery) {
    Link.Session opened = session;
    return opened == null
        ? CompletableFuture.completedFuture(null)
        : opened.acknowledgeAppended(List.of(AckSpan.of(delivery)));
  }

  /**
   * Gives back all that was not acknowledged, fetched ahead or seen, so that it is received again,
   * first and in order.
   *
   * <p>Each inbox starts anew: answers under way go to its former consumer at the broker, which is
   * closed before, so that nothing given back can still be taken from here.
   */
  void recover() throws JMSException {
    forgetSeen();
    Link.Session opened = session;
    if (opened == null) {
      return;
    }
    awaitAcknowledgementOrItsFailure();
    List<CompletableFuture<Void>> steps = new ArrayList<>();
    for (Inbox inbox : inboxes) {
      steps.add(inbox.renew());
    }
    steps.add(opened.recover());
    Await.answer(
        CompletableFuture.allOf(steps.toArray(new CompletableFuture<?>[0])),
        "give back the received messages");
    settled();
  }

  /** What the broker refused to take note of goes back with the rest. */
  private void awaitAcknowledgementOrItsFailure() {
    try {
      awaitAcknowledgement();
    } catch (JMSException refused) {
      LOGGER.log(
          System.Logger.Level.DEBUG, "What could not be acknowledged is given back", refused);
    }
  }

  private void forgetSeen() {
    unacknowledged.drain();
    unanswered.clear();
  }

  /** The same because of a failure that is thrown anyway; another one of this says nothing new. */
  void recoverAfter(JMSException failure) {
    try {
      recover();
    } catch (JMSException alsoFailed) {
      failure.addSuppressed(alsoFailed);
    }
  }

  /**
   * What was not acknowledged is the broker's again.
   *
   * @throws JMSException also when the broker refused the last acknowledgement of a receive
   */
  void close() throws JMSException {
    Link.Session opened = session;
    try {
      if (opened != null && link.isOpen()) {
        closeBehindAcknowledgement(opened);
      }
    } finally {
      forgetSeen();
      settled();
    }
  }

  /** The broker may let a request to close pass an acknowledgement that waits for room. */
  private void closeBehindAcknowledgement(Link.Session opened) throws JMSException {
    try {
      awaitAcknowledgement();
    } finally {
      Await.answer(opened.close(), "close the session at the broker");
    }
  }
}
