package io.moiety.jms;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.moiety.client.Backoff;
import io.moiety.client.ClientInstance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a link to a broker: after a loss it connects again on a thread of its own, with growing
 * delays and for a bounded time, and lets everybody wait for the result that long.
 *
 * <p>Thread-safe: its monitor guards who waits and every change of which link is current; nothing
 * foreign is called under it but {@link Work#published}. Which link is current is read without it.
 */
final class LinkKeeper {

  /** What depends on the link. */
  interface Work {

    /** The link is lost. On a thread of the network. */
    void lost();

    /**
     * Makes over the next link what the lost one had. Waits for the broker.
     *
     * @param sameStore whether the broker has the store that the lost link led to
     * @throws ExecutionException when the link was lost meanwhile
     */
    void resume(Link link, boolean sameStore) throws ExecutionException;

    /**
     * The link is current from now on. Called with the keeper's monitor, so that nothing comes in
     * between: waits for nothing, and begins nothing but sends.
     */
    void published(Link link);

    /** Asks over the current link what waited for one. */
    void goOn();

    /** No link comes any more. */
    void ended(Throwable cause);
  }

  private static final System.Logger LOGGER = System.getLogger(LinkKeeper.class.getName());
  private static final Duration FIRST_DELAY = Duration.ofMillis(50);
  private static final Duration MAX_DELAY = Duration.ofSeconds(5);
  private static final int MAX_WAITING = 10_000;

  private final Link.Source source;
  private final String name;
  private final String instance = UUID.randomUUID().toString();
  private final Duration reconnectTimeout;
  private final Link.Events events;
  private final Work work;
  private final List<CompletableFuture<Link>> waiting = new ArrayList<>();
  private long epoch;
  private boolean closing;

  /** The one that is being made. */
  private @Nullable Link next;

  private volatile int connectionNumber;

  /** The current one, or while there is none the lost one; null before the first. */
  private volatile @Nullable Link last;

  private volatile boolean connected;
  private volatile @Nullable Throwable end;

  /**
   * @param name what the broker calls the connection
   * @param reconnectTimeout for how long a lost link is tried to be made again
   */
  LinkKeeper(
      Link.Source source, String name, Duration reconnectTimeout, Link.Events events, Work work) {
    this.source = source;
    this.name = name;
    this.reconnectTimeout = reconnectTimeout;
    this.events = events;
    this.work = work;
  }

  /** Connects for the first time, which is tried once. */
  CompletableFuture<Void> open() {
    Attempt attempt = new Attempt();
    return attempt
        .open()
        .thenAccept(
            link -> {
              if (!publish(link)) {
                link.close();
                throw new LinkLostException("The connection was lost as soon as it was made");
              }
            });
  }

  /** The link, or the next one; fails when there is none in that time. */
  CompletableFuture<Link> link(long timeoutMillis) {
    CompletableFuture<Link> awaited = new CompletableFuture<>();
    synchronized (this) {
      Link known = last;
      if (end != null) {
        return CompletableFuture.failedFuture(ended(end));
      }
      if (connected && known != null && known.isOpen()) {
        return CompletableFuture.completedFuture(known);
      }
      if (waiting.size() >= MAX_WAITING) {
        return CompletableFuture.failedFuture(
            new LinkLostException(
                waiting.size() + " requests wait for the connection to the broker already"));
      }
      waiting.add(awaited);
    }
    return awaited
        .orTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
        .whenComplete((link, failure) -> waitsNoMore(awaited))
        .exceptionallyCompose(
            failure -> CompletableFuture.failedFuture(notInTime(timeoutMillis, failure)));
  }

  private synchronized void waitsNoMore(CompletableFuture<Link> awaited) {
    waiting.removeIf(one -> one == awaited);
  }

  private static Throwable notInTime(long timeoutMillis, Throwable failure) {
    return JmsExceptions.unwrap(failure) instanceof TimeoutException
        ? LinkLostException.notMadeAgain(timeoutMillis)
        : failure;
  }

  private static LinkLostException ended(Throwable cause) {
    return new LinkLostException(
        "there is no connection to the broker any more: " + cause.getMessage(), cause);
  }

  /** The current link, or the lost one. */
  Link last() {
    Link known = last;
    if (known == null) {
      throw new IllegalStateException("Asked for a link before the first one was made");
    }
    return known;
  }

  boolean isCurrent(Link link) {
    return connected && last == link;
  }

  boolean isOpen() {
    return end == null;
  }

  int connectionNumber() {
    return connectionNumber;
  }

  /** From now on a link that is lost, or was before, is not made again. */
  void closing() {
    boolean isLost;
    synchronized (this) {
      closing = true;
      isLost = !connected;
    }
    if (isLost) {
      end(lostWhileClosing());
    }
  }

  private static LinkLostException lostWhileClosing() {
    return new LinkLostException("the connection was lost, and closed meanwhile");
  }

  /**
   * Ends a link that leaves requests without answers, for the next one to be made: what became of
   * them is not to be asked over a connection that hangs.
   */
  void suspect(Link link, Throwable cause) {
    if (isCurrent(link)) {
      link.close();
      lost(link, cause);
    }
  }

  void close() {
    end(new LinkLostException("the connection is closed"));
    Link known = last;
    if (known != null) {
      known.close();
    }
  }

  /** False when it was ended before. */
  private boolean end(Throwable cause) {
    List<CompletableFuture<Link>> unserved;
    Link unfinished;
    synchronized (this) {
      if (end != null) {
        return false;
      }
      end = cause;
      connected = false;
      unfinished = next;
      unserved = List.copyOf(waiting);
      waiting.clear();
      notifyAll();
    }
    LinkLostException why = ended(cause);
    unserved.forEach(one -> one.completeExceptionally(why));
    work.ended(why);
    if (unfinished != null) {
      unfinished.close();
    }
    return true;
  }

  private boolean publish(Link link) {
    List<CompletableFuture<Link>> served;
    synchronized (this) {
      if (end != null || !link.isOpen()) {
        return false;
      }
      last = link;
      connected = true;
      boolean takenUp = false;
      try {
        work.published(link);
        takenUp = true;
      } finally {
        if (!takenUp) {
          connected = false;
          connectionNumber++;
        }
      }
      served = List.copyOf(waiting);
      waiting.clear();
    }
    served.forEach(one -> one.complete(link));
    goOn(link);
    return true;
  }

  /** Without the monitor: answers may be there at once, and call whoever waits for them. */
  private void goOn(Link link) {
    try {
      work.goOn();
    } catch (RuntimeException | Error failure) {
      // Who was not served waits for the next link.
      suspect(link, failure);
    }
  }

  /** On a thread of the network. */
  private void lost(@Nullable Link link, Throwable cause) {
    boolean wanted;
    synchronized (this) {
      if (!connected || link == null || last != link) {
        return;
      }
      connected = false;
      connectionNumber++;
      wanted = !closing;
    }
    try {
      work.lost();
      if (wanted) {
        LOGGER.log(WARNING, "Connection {0}: {1}. Connecting again.", name, cause.getMessage());
        Thread thread = new Thread(() -> connectAgain(link, cause), "moiety-reconnect-" + name);
        thread.setDaemon(true);
        thread.start();
      } else {
        end(lostWhileClosing());
      }
    } catch (RuntimeException | Error failure) {
      giveUp("the connection was lost, and making it again could not begin", failure);
    }
  }

  private void connectAgain(Link lost, Throwable cause) {
    try {
      lost.close();
      connectInTime(lost, cause);
    } catch (RuntimeException | Error failure) {
      // Nobody else connects again, so whoever waits must hear that nobody does.
      giveUp("the connection was lost, and making it again ended", failure);
    }
  }

  private void connectInTime(Link lost, Throwable cause) {
    Set<Class<?>> logged = new HashSet<>();
    Backoff delays = new Backoff(FIRST_DELAY, MAX_DELAY, new SplittableRandom());
    long untilNanos = System.nanoTime() + reconnectTimeout.toNanos();
    Throwable failure = cause;
    while (pause(Math.min(delays.nextDelayMillis(), leftMillis(untilNanos)))) {
      try {
        if (connectOnce(lost)) {
          LOGGER.log(INFO, "Connection {0} is made again", name);
        }
        return;
      } catch (ExecutionException | RuntimeException | Error failed) {
        // Whatever it is: the next attempt may go better, and who waits must not wait for ever.
        failure = JmsExceptions.unwrap(failed);
        LOGGER.log(
            logged.add(failure.getClass()) ? WARNING : DEBUG,
            "Connection " + name + " could not be made again yet: " + failure.getMessage(),
            failure);
      }
      if (leftMillis(untilNanos) <= 0) {
        giveUp(
            "the connection was lost and could not be made again for "
                + reconnectTimeout.toMillis()
                + " ms",
            failure);
        return;
      }
    }
  }

  private static long leftMillis(long untilNanos) {
    return TimeUnit.NANOSECONDS.toMillis(untilNanos - System.nanoTime());
  }

  private void giveUp(String why, Throwable failure) {
    Throwable cause = new LinkLostException(why + ": " + failure.getMessage(), failure);
    if (end(cause)) {
      events.lost(cause);
    }
  }

  /** False when nobody wants a link any more. */
  private boolean connectOnce(Link lost) throws ExecutionException {
    Link link = Await.outcome(new Attempt().open());
    boolean published = false;
    try {
      if (isToBeMade(link)) {
        work.resume(link, link.storeUuid().equals(lost.storeUuid()));
        published = publish(link);
      }
    } finally {
      madeOrNot();
      if (!published) {
        link.close();
        // Some of it may have taken up the link that is given up.
        work.lost();
      }
    }
    if (!published && isOpen()) {
      throw new LinkLostException("the connection was lost as soon as it was made");
    }
    return published;
  }

  /** The end closes it from now on; false after that. */
  private synchronized boolean isToBeMade(Link link) {
    next = end == null ? link : null;
    return end == null;
  }

  private synchronized void madeOrNot() {
    next = null;
  }

  /** False when nobody wants a link any more. */
  private synchronized boolean pause(long millis) {
    long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.max(1, millis));
    while (end == null) {
      long left = leftMillis(untilNanos);
      if (left <= 0) {
        return true;
      }
      try {
        wait(left);
      } catch (InterruptedException interrupted) {
        LOGGER.log(DEBUG, "Interrupted while connecting again; goes on", interrupted);
      }
    }
    return false;
  }

  /** One link, from the attempt to its end. */
  private final class Attempt implements Link.Events {

    private final CompletableFuture<Link> opened = new CompletableFuture<>();

    CompletableFuture<Link> open() {
      long number;
      synchronized (LinkKeeper.this) {
        epoch++;
        number = epoch;
      }
      source
          .open(name, Optional.of(new ClientInstance(instance, number)), this)
          .whenComplete(
              (link, failure) -> {
                if (failure == null) {
                  opened.complete(link);
                } else {
                  opened.completeExceptionally(failure);
                }
              });
      return opened;
    }

    @Override
    public void lost(Throwable cause) {
      LinkKeeper.this.lost(opened.getNow(null), cause);
    }
  }
}
