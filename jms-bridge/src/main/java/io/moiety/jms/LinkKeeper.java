package io.moiety.jms;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.moiety.client.Backoff;
import io.moiety.client.ClientInstance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    /** The link is current from now on. Begins requests, and waits for nothing. */
    void published(Link link);

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
  private final Duration requestTimeout;
  private final Duration reconnectTimeout;
  private final Link.Events events;
  private final Work work;
  private final List<CompletableFuture<Link>> waiting = new ArrayList<>();
  private long epoch;
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
      Link.Source source,
      String name,
      Duration requestTimeout,
      Duration reconnectTimeout,
      Link.Events events,
      Work work) {
    this.source = source;
    this.name = name;
    this.requestTimeout = requestTimeout;
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

  /** The link, or the next one; fails when there is none within the request timeout. */
  CompletableFuture<Link> link() {
    CompletableFuture<Link> next = new CompletableFuture<>();
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
      waiting.add(next);
    }
    return next.orTimeout(requestTimeout.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((link, failure) -> waitsNoMore(next))
        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(notInTime(failure)));
  }

  private synchronized void waitsNoMore(CompletableFuture<Link> next) {
    waiting.removeIf(one -> one == next);
  }

  private Throwable notInTime(Throwable failure) {
    return JmsExceptions.unwrap(failure) instanceof TimeoutException
        ? new LinkLostException(
            "the connection to the broker was lost and not made again within "
                + requestTimeout.toMillis()
                + " ms")
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

  /** Ends waiting for a lost link at once, and does nothing while there is one. */
  void endIfLost() {
    if (!connected) {
      end(new LinkLostException("the connection was lost, and closed meanwhile"));
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
    synchronized (this) {
      if (end != null) {
        return false;
      }
      end = cause;
      connected = false;
      unserved = List.copyOf(waiting);
      waiting.clear();
      notifyAll();
    }
    LinkLostException why = ended(cause);
    unserved.forEach(one -> one.completeExceptionally(why));
    work.ended(why);
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
      work.published(link);
      served = List.copyOf(waiting);
      waiting.clear();
    }
    served.forEach(one -> one.complete(link));
    return true;
  }

  /** On a thread of the network. */
  private void lost(@Nullable Link link, Throwable cause) {
    synchronized (this) {
      if (!connected || link == null || last != link) {
        return;
      }
      connected = false;
      connectionNumber++;
    }
    LOGGER.log(WARNING, "Connection {0}: {1}. Connecting again.", name, cause.getMessage());
    work.lost();
    Thread thread = new Thread(() -> connectAgain(link, cause), "moiety-reconnect-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void connectAgain(Link lost, Throwable cause) {
    lost.close();
    Backoff delays = new Backoff(FIRST_DELAY, MAX_DELAY, new SplittableRandom());
    long untilNanos = System.nanoTime() + reconnectTimeout.toNanos();
    Throwable failure = cause;
    while (pause(Math.min(delays.nextDelayMillis(), leftMillis(untilNanos)))) {
      try {
        connectOnce(lost);
        LOGGER.log(INFO, "Connection {0} is made again", name);
        return;
      } catch (ExecutionException | RuntimeException failed) {
        // Whatever it is: the next attempt may go better, and who waits must not wait for ever.
        failure = JmsExceptions.unwrap(failed);
        LOGGER.log(DEBUG, "Connection " + name + " could not be made again yet", failure);
      }
      if (leftMillis(untilNanos) <= 0) {
        giveUp(failure);
        return;
      }
    }
  }

  private static long leftMillis(long untilNanos) {
    return TimeUnit.NANOSECONDS.toMillis(untilNanos - System.nanoTime());
  }

  private void giveUp(Throwable failure) {
    Throwable cause =
        new LinkLostException(
            "the connection was lost and could not be made again for "
                + reconnectTimeout.toMillis()
                + " ms: "
                + failure.getMessage(),
            failure);
    if (end(cause)) {
      events.lost(cause);
    }
  }

  private void connectOnce(Link lost) throws ExecutionException {
    Link link = Await.outcome(new Attempt().open());
    boolean published = false;
    try {
      work.resume(link, link.storeUuid().equals(lost.storeUuid()));
      published = publish(link);
    } finally {
      if (!published) {
        link.close();
      }
    }
    if (!published && isOpen()) {
      throw new LinkLostException("the connection was lost as soon as it was made");
    }
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
