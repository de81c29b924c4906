package io.moiety.jms;

import io.moiety.client.BrokerException;
import io.moiety.client.ConnectionLostException;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.SendReceipt;
import io.moiety.protocol.PropertyNames;
import jakarta.jms.ResourceAllocationException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The sends of a connection that are not answered. After a loss the broker is asked which of those
 * in doubt it has; the others are sent again, in their order and before everything that is sent
 * later. So a send is neither lost nor stored twice, and one that cannot be decided in time fails.
 *
 * <p>Sends that belong to a branch are not here: the loss has undone the branch.
 *
 * <p>Thread-safe: its monitor guards everything; while it is held nothing but sends is begun.
 */
final class SendsInFlight {

  /** As many as a connected client has under way. */
  private static final int MAX_SENDS = 4_096;

  private enum State {
    UNDER_WAY,
    /** The broker may have it. */
    IN_DOUBT,
    /** The broker does not have it. */
    UNSENT
  }

  private static final class Send {
    private final OutgoingMessage message;
    private final CompletableFuture<SendReceipt> answer = new CompletableFuture<>();
    private State state = State.UNSENT;

    /** Which of its waits for a connection this is. */
    private int waits;

    Send(OutgoingMessage message) {
      this.message = message;
    }

    String uniqueKey() {
      return message.properties().get(PropertyNames.UNIQUE_KEY).orElseThrow();
    }

    /** What of its kind the broker takes in order. */
    String queue() {
      return message.topic() + ' ' + message.queueId();
    }
  }

  private final long timeoutMillis;
  private final Set<Send> sends = new LinkedHashSet<>();
  private @Nullable Link link;

  /**
   * @param timeoutMillis how long a send waits for a connection
   */
  SendsInFlight(long timeoutMillis) {
    this.timeoutMillis = timeoutMillis;
  }

  CompletableFuture<SendReceipt> send(OutgoingMessage message) {
    Send send = new Send(message);
    synchronized (this) {
      if (link == null && sends.size() >= MAX_SENDS) {
        return CompletableFuture.failedFuture(
            new ResourceAllocationException(
                sends.size() + " sends wait for the connection to the broker already"));
      }
      sends.add(send);
      if (link != null) {
        transmit(send, link);
      } else {
        expireLater(send);
      }
    }
    return send.answer;
  }

  /** With the monitor, so that sends leave in their order. */
  private void transmit(Send send, Link over) {
    send.state = State.UNDER_WAY;
    over.send(send.message)
        .whenComplete((receipt, failure) -> answered(send, over, receipt, failure));
  }

  private void answered(
      Send send, Link over, @Nullable SendReceipt receipt, @Nullable Throwable failure) {
    Throwable cause = failure == null ? null : JmsExceptions.unwrap(failure);
    if (cause instanceof ConnectionLostException lost && !over.isOpen()) {
      waitForLink(send, lost.requestWritten() ? State.IN_DOUBT : State.UNSENT);
      return;
    }
    forget(send);
    if (receipt != null) {
      send.answer.complete(receipt);
    } else {
      send.answer.completeExceptionally(cause);
    }
  }

  private synchronized void waitForLink(Send send, State state) {
    send.state = state;
    expireLater(send);
    notifyAll();
  }

  private synchronized void forget(Send send) {
    sends.remove(send);
    notifyAll();
  }

  /** With the monitor. */
  private void expireLater(Send send) {
    send.waits++;
    int thisWait = send.waits;
    CompletableFuture.delayedExecutor(timeoutMillis, TimeUnit.MILLISECONDS)
        .execute(() -> expire(send, thisWait));
  }

  private void expire(Send send, int wait) {
    State state;
    synchronized (this) {
      state = send.state;
      if (state == State.UNDER_WAY || send.waits != wait || !sends.remove(send)) {
        return;
      }
    }
    send.answer.completeExceptionally(undecided(state));
  }

  private LinkLostException undecided(State state) {
    return new LinkLostException(
        "the connection to the broker was lost and not made again within "
            + timeoutMillis
            + " ms; the message "
            + (state == State.UNSENT ? "was not sent" : "may have been sent"));
  }

  /** Sends wait from now on. */
  synchronized void lost() {
    link = null;
  }

  /**
   * Asks what became of the sends in doubt. Waits for the broker.
   *
   * @param sameStore false for a broker that cannot know
   * @throws ExecutionException when the link was lost meanwhile
   */
  void decide(Link over, boolean sameStore) throws ExecutionException {
    List<Send> doubtful = awaitDoubtful();
    if (!sameStore) {
      doubtful.forEach(send -> refuse(send, undecided(State.IN_DOUBT)));
      return;
    }
    List<CompletableFuture<Optional<SendReceipt>>> answers = new ArrayList<>();
    for (Send send : doubtful) {
      answers.add(over.sendOutcome(send.message.topic(), send.uniqueKey()));
    }
    Set<String> storedLater = new HashSet<>();
    for (int i = doubtful.size() - 1; i >= 0; i--) {
      decide(doubtful.get(i), answers.get(i), storedLater);
    }
  }

  private void decide(
      Send send, CompletableFuture<Optional<SendReceipt>> answer, Set<String> storedLater)
      throws ExecutionException {
    Optional<SendReceipt> stored;
    try {
      stored = Await.outcome(answer);
    } catch (ExecutionException failure) {
      if (!(failure.getCause() instanceof BrokerException refused)) {
        throw failure;
      }
      refuse(
          send,
          new LinkLostException(
              "the connection was lost, and the broker does not say whether it has the message, which"
                  + " may have been sent: "
                  + refused.getMessage(),
              refused));
      return;
    }
    if (stored.isPresent()) {
      storedLater.add(send.queue());
      forget(send);
      send.answer.complete(stored.get());
    } else if (storedLater.contains(send.queue())) {
      // Requests of a connection are taken in their order, so it came and was not taken.
      refuse(
          send,
          new LinkLostException(
              "the broker did not take the message, and why was lost with the connection"));
    } else {
      unsent(send);
    }
  }

  private synchronized void unsent(Send send) {
    send.state = State.UNSENT;
  }

  private void refuse(Send send, Throwable cause) {
    forget(send);
    send.answer.completeExceptionally(cause);
  }

  /** Those in doubt, in their order, when the lost connection has failed all that it had. */
  private synchronized List<Send> awaitDoubtful() {
    long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    while (has(State.UNDER_WAY) && System.nanoTime() - untilNanos < 0) {
      try {
        wait(timeoutMillis);
      } catch (InterruptedException interrupted) {
        // Nobody interrupts the thread that connects again but to end it, which close does.
        Thread.currentThread().interrupt();
        break;
      }
    }
    return sends.stream().filter(send -> send.state == State.IN_DOUBT).toList();
  }

  private boolean has(State state) {
    return sends.stream().anyMatch(send -> send.state == state);
  }

  /** Sends what waits, and from now on everything, over this link. */
  synchronized void resume(Link over) {
    link = over;
    List<Send> waiting = sends.stream().filter(send -> send.state == State.UNSENT).toList();
    waiting.forEach(send -> transmit(send, over));
  }

  /** No connection comes any more. */
  void fail() {
    List<Send> all;
    synchronized (this) {
      all = sends.stream().filter(send -> send.state != State.UNDER_WAY).toList();
      all.forEach(sends::remove);
    }
    all.forEach(send -> send.answer.completeExceptionally(undecided(send.state)));
  }
}
