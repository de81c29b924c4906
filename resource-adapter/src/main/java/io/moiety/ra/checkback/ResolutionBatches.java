package io.moiety.ra.checkback;

import io.moiety.client.Resolution;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Resolutions on their way to one broker, in batches: what comes while a batch is under way makes
 * up the next one. So one alone goes at once, and of many the broker reads, forces and answers a
 * batch with little more work than one; the next batch is sent by the thread of the network that
 * the last answer came by, and wakes no other.
 *
 * <p>A batch that is not answered soon is not waited for: the next one goes beside it, on a thread
 * of the server, as long as few enough answers are outstanding to leave a slow broker's connection
 * to others, too.
 *
 * <p>Thread-safe: its lock protects what waits, which batch is waited for and how many answers are
 * outstanding; nothing foreign is called under it.
 */
final class ResolutionBatches {

  /** Tells the broker one resolution; its answer always comes, be it that none came in time. */
  interface Teller {
    CompletableFuture<Void> tell(StoredHalf half, Resolution resolution);
  }

  static final int MAX_BATCH = 500;

  /** A connection takes some 4,000 requests before it refuses sends. */
  static final int MAX_UNANSWERED = 2_000;

  static final long SLOW_MILLIS = 50;
  private static final int MAX_WAITING = 50_000;

  private record Waiting(StoredHalf half, Resolution resolution, CompletableFuture<Void> told) {}

  /** What goes together. */
  private static final class Batch {
    private final List<Waiting> resolutions;

    /** One more than there are until all are sent: answers do not end it in the midst of that. */
    private final AtomicInteger unanswered;

    Batch(List<Waiting> resolutions) {
      this.resolutions = resolutions;
      unanswered = new AtomicInteger(resolutions.size() + 1);
    }
  }

  private final Teller teller;
  private final Tasks tasks;
  private final Object lock = new Object();
  private final Queue<Waiting> waiting = new ArrayDeque<>();

  /** Whose answers are waited for; none when the next resolution may go at once. */
  private @Nullable Batch newest;

  private int unanswered;
  private boolean lookPlanned;

  ResolutionBatches(Teller teller, Tasks tasks) {
    this.teller = teller;
    this.tasks = tasks;
  }

  /** Complete when the resolution is durable; fails at once when too many wait. */
  CompletableFuture<Void> add(StoredHalf half, Resolution resolution) {
    CompletableFuture<Void> told = new CompletableFuture<>();
    synchronized (lock) {
      if (waiting.size() >= MAX_WAITING) {
        return CompletableFuture.failedFuture(
            new IllegalStateException(
                MAX_WAITING + " resolutions wait for the broker already; it asks for this one"));
      }
      waiting.add(new Waiting(half, resolution, told));
    }
    sendAfter(null);
    lookLater();
    return told;
  }

  /** Sends batches until one is under way whose answers are still to come. */
  private void sendAfter(@Nullable Batch former) {
    Batch ended = former;
    for (Batch batch = next(ended); batch != null && isEndedBySending(batch); batch = next(ended)) {
      ended = batch;
    }
  }

  /**
   * @param former who is not waited for any longer; nothing comes after a batch that another one
   *     has followed already
   */
  private @Nullable Batch next(@Nullable Batch former) {
    synchronized (lock) {
      if (newest != former) {
        return null;
      }
      List<Waiting> resolutions = new ArrayList<>();
      while (resolutions.size() < MAX_BATCH && unanswered < MAX_UNANSWERED && !waiting.isEmpty()) {
        resolutions.add(waiting.remove());
        unanswered++;
      }
      newest = resolutions.isEmpty() ? null : new Batch(resolutions);
      return newest;
    }
  }

  /** False when answers are still to come; the last of them goes on. */
  private boolean isEndedBySending(Batch batch) {
    for (Waiting one : batch.resolutions) {
      tell(one)
          .whenComplete(
              (done, failure) -> {
                answered(one, failure);
                if (batch.unanswered.decrementAndGet() == 0) {
                  sendAfter(batch);
                }
              });
    }
    return batch.unanswered.decrementAndGet() == 0;
  }

  private CompletableFuture<Void> tell(Waiting one) {
    try {
      return teller.tell(one.half(), one.resolution());
    } catch (RuntimeException | Error refused) {
      // Whatever it is: the others of the batch, and those behind it, have no part in it.
      return CompletableFuture.failedFuture(refused);
    }
  }

  private void answered(Waiting one, @Nullable Throwable failure) {
    synchronized (lock) {
      unanswered--;
    }
    if (failure == null) {
      one.told().complete(null);
    } else {
      one.told().completeExceptionally(failure);
    }
  }

  /** As long as something waits, somebody looks whether it waits for too long. */
  private void lookLater() {
    Batch waitedFor;
    synchronized (lock) {
      if (lookPlanned || waiting.isEmpty()) {
        return;
      }
      lookPlanned = true;
      waitedFor = newest;
    }
    tasks.executeAfter(SLOW_MILLIS, () -> look(waitedFor));
  }

  private void look(@Nullable Batch slow) {
    synchronized (lock) {
      lookPlanned = false;
    }
    sendAfter(slow);
    lookLater();
  }
}
