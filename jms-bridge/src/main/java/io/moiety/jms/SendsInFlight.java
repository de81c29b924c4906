package io.moiety.jms;

import io.moiety.client.BrokerException;
import io.moiety.client.ConnectionLostException;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.RequestTimeoutException;
import io.moiety.client.SendReceipt;
import io.moiety.protocol.PropertyNames;
import jakarta.jms.ResourceAllocationException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The sends of a connection that are not answered. After a loss the broker is asked which of those
 * in doubt it has; the others are sent again, in their order and before everything that is sent
 * later. So a send is neither lost nor stored twice, and one that cannot be decided in time fails.
 * A connection that gives no answer in time is ended, for the question to go over the next.
 *
 * <p>Sends that belong to a branch are not here: the loss has undone the branch.
 *
 * <p>Thread-safe: its monitor guards everything; while it is held nothing but sends is begun.
 */
final class SendsInFlight {

  /** As many as a connected client has under way, and as many bytes of bodies. */
  private static final int MAX_SENDS = 4_096;

  private static final long MAX_BYTES = 64L * 1024 * 1024;

  /** Questions at a time: all clients of a broker that was away ask at once. */
  private static final int MAX_QUESTIONS = 64;

  private enum State {
    UNDER_WAY,
    /** The broker may have it. */
    IN_DOUBT,
    /** The broker does not have it. */
    UNSENT
  }

  private static final class Send {
    private final OutgoingMessage message;
    private final long number;
    private final int bytes;
    private final CompletableFuture<SendReceipt> answer = new CompletableFuture<>();
    private State state = State.UNSENT;

    /** True when a later one to its queue is stored. */
    private boolean overtaken;

    /** True when a connection left it without an answer. */
    private boolean timedOut;

    /** Which of its waits for a connection this is. */
    private int waits;

    Send(OutgoingMessage message, long number) {
      this.message = message;
      this.number = number;
      bytes = message.body().remaining();
    }

    String uniqueKey() {
      return message.properties().get(PropertyNames.UNIQUE_KEY).orElseThrow();
    }

    /** The broker takes what is sent to one queue in order. */
    boolean isToQueueOf(Send other) {
      return message.queueId() == other.message.queueId()
          && message.topic().equals(other.message.topic());
    }
  }

  private final long timeoutMillis;
  private final BiConsumer<Link, Throwable> suspect;
  private final Set<Send> sends = new LinkedHashSet<>();
  private long lastNumber;
  private long bytes;
  private @Nullable Link link;

  /** Why no connection comes any more. */
  private @Nullable String ended;

  /**
   * @param timeoutMillis how long a send waits for a connection
   * @param suspect told of a connection that leaves a send without an answer, to end it
   */
  SendsInFlight(long timeoutMillis, BiConsumer<Link, Throwable> suspect) {
    this.timeoutMillis = timeoutMillis;
    this.suspect = suspect;
  }

  CompletableFuture<SendReceipt> send(OutgoingMessage message) {
    Send send;
    synchronized (this) {
      if (ended != null) {
        return CompletableFuture.failedFuture(undecided(ended, State.UNSENT));
      }
      lastNumber++;
      send = new Send(message, lastNumber);
      if (link == null && isFullFor(send)) {
        return CompletableFuture.failedFuture(
            new ResourceAllocationException(
                sends.size()
                    + " sends with "
                    + bytes
                    + " bytes wait for the connection to the broker already"));
      }
      sends.add(send);
      bytes += send.bytes;
      if (link != null) {
        transmit(send, link);
      } else {
        expireLater(send);
      }
    }
    return send.answer;
  }

  private boolean isFullFor(Send send) {
    return sends.size() >= MAX_SENDS || (!sends.isEmpty() && bytes + send.bytes > MAX_BYTES);
  }

  /** With the monitor. False for one that was answered before. */
  private boolean remove(Send send) {
    boolean removed = sends.remove(send);
    if (removed) {
      bytes -= send.bytes;
    }
    notifyAll();
    return removed;
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
    } else if (cause instanceof RequestTimeoutException silent && !send.timedOut) {
      send.timedOut = true;
      waitForLink(send, State.IN_DOUBT);
      suspect.accept(over, silent);
    } else if (receipt != null) {
      stored(send, receipt);
    } else {
      refuse(send, cause);
    }
  }

  private void waitForLink(Send send, State state) {
    String why;
    synchronized (this) {
      why = ended;
      if (why == null) {
        send.state = state;
        expireLater(send);
        notifyAll();
      }
    }
    if (why != null) {
      refuse(send, undecided(why, state));
    }
  }

  private void stored(Send send, SendReceipt receipt) {
    synchronized (this) {
      for (Send earlier : sends) {
        if (earlier.number >= send.number) {
          break;
        }
        earlier.overtaken |= earlier.isToQueueOf(send);
      }
      remove(send);
    }
    send.answer.complete(receipt);
  }

  private void refuse(Send send, @Nullable Throwable cause) {
    synchronized (this) {
      remove(send);
    }
    send.answer.completeExceptionally(cause);
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
      if (state == State.UNDER_WAY || send.waits != wait || !remove(send)) {
        return;
      }
    }
    send.answer.completeExceptionally(
        undecided(
            "the connection to the broker was lost and not made again within "
                + timeoutMillis
                + " ms",
            state));
  }

  private static LinkLostException undecided(String why, State state) {
    return new LinkLostException(
        why + "; the message " + (state == State.UNSENT ? "was not sent" : "may have been sent"));
  }

  /** Sends wait from now on. */
  synchronized void lost() {
    link = null;
  }

  /**
   * Asks what became of the sends in doubt. Waits for the broker.
   *
   * @param sameStore false for a broker that cannot know
   * @throws ExecutionException when the link was lost meanwhile, or the broker cannot say it yet
   */
  void decide(Link over, boolean sameStore) throws ExecutionException {
    List<Send> doubtful = awaitDoubtful();
    if (!sameStore) {
      LinkLostException unknown =
          undecided(
              "the connection was lost, and the broker has another store now", State.IN_DOUBT);
      doubtful.forEach(send -> refuse(send, unknown));
      return;
    }
    // The last ones first: those before a stored one are not sent again behind it.
    for (int end = doubtful.size(); end > 0; end -= MAX_QUESTIONS) {
      ask(doubtful.subList(Math.max(0, end - MAX_QUESTIONS), end), over);
    }
  }

  private void ask(List<Send> some, Link over) throws ExecutionException {
    List<Send> lastFirst = new ArrayList<>(some);
    Collections.reverse(lastFirst);
    // Asked in the order in which they are decided: what a link answers before it is lost counts.
    List<CompletableFuture<Optional<SendReceipt>>> answers =
        lastFirst.stream()
            .map(send -> over.sendOutcome(send.message.topic(), send.uniqueKey()))
            .toList();
    for (int i = 0; i < lastFirst.size(); i++) {
      decide(lastFirst.get(i), answers.get(i));
    }
  }

  private void decide(Send send, CompletableFuture<Optional<SendReceipt>> answer)
      throws ExecutionException {
    Optional<SendReceipt> stored;
    try {
      stored = Await.outcome(answer);
    } catch (ExecutionException failure) {
      if (!(JmsExceptions.unwrap(failure) instanceof BrokerException refused)
          || JmsExceptions.isPassing(refused.code())) {
        throw failure;
      }
      // Refused is the question, which says nothing about the message.
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
      stored(send, stored.get());
    } else if (!isSentAgain(send)) {
      refuse(
          send,
          new LinkLostException(
              "the broker did not take the message, and why was lost with the connection"));
    }
  }

  /**
   * Requests of a connection are taken in order, so one before a stored one came and was refused.
   */
  private synchronized boolean isSentAgain(Send send) {
    if (!send.overtaken) {
      send.state = State.UNSENT;
    }
    return !send.overtaken;
  }

  /** Those in doubt, in their order, when the lost connection has failed all that it had. */
  private synchronized List<Send> awaitDoubtful() {
    long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    while (ended == null && has(State.UNDER_WAY) && System.nanoTime() - untilNanos < 0) {
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
  void fail(Throwable cause) {
    String why = String.valueOf(cause.getMessage());
    List<Send> all;
    synchronized (this) {
      ended = why;
      all = sends.stream().filter(send -> send.state != State.UNDER_WAY).toList();
      all.forEach(this::remove);
      notifyAll();
    }
    all.forEach(send -> send.answer.completeExceptionally(undecided(why, send.state)));
  }
}
