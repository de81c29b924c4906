package io.moiety.ra.checkback;

import io.moiety.client.Resolution;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Resolutions on their way to one broker, one batch at a time: what comes while a batch is under
 * way makes up the next one. So one alone goes at once, and of many the broker reads, forces and
 * answers a batch with little more work than one; the next batch is sent by the thread of the
 * network that the last answer came by, and wakes no other.
 *
 * <p>Thread-safe: its lock protects what waits and whether a batch is under way; nothing foreign is
 * called under it.
 */
final class ResolutionBatches {

  /** Tells the broker one resolution; its answer always comes, be it that none came in time. */
  interface Teller {
    CompletableFuture<Void> tell(StoredHalf half, Resolution resolution);
  }

  private static final int MAX_WAITING = 50_000;
  private static final int MAX_BATCH = 500;

  private record Waiting(StoredHalf half, Resolution resolution, CompletableFuture<Void> told) {}

  private final Teller teller;
  private final Object lock = new Object();
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private boolean underWay;

  ResolutionBatches(Teller teller) {
    this.teller = teller;
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
      if (underWay) {
        return told;
      }
      underWay = true;
    }
    sendWaiting();
    return told;
  }

  /** Until a batch is under way whose answers are still to come; the last of them goes on here. */
  private void sendWaiting() {
    for (List<Waiting> batch = next(); !batch.isEmpty(); batch = next()) {
      // One more than there are, for this loop: it goes on itself if all are answered at once.
      AtomicInteger unanswered = new AtomicInteger(batch.size() + 1);
      for (Waiting one : batch) {
        tell(one)
            .whenComplete(
                (done, failure) -> {
                  if (failure == null) {
                    one.told().complete(null);
                  } else {
                    one.told().completeExceptionally(failure);
                  }
                  if (unanswered.decrementAndGet() == 0) {
                    sendWaiting();
                  }
                });
      }
      if (unanswered.decrementAndGet() > 0) {
        return;
      }
    }
  }

  private CompletableFuture<Void> tell(Waiting one) {
    try {
      return teller.tell(one.half(), one.resolution());
    } catch (RuntimeException | Error refused) {
      // Whatever it is: the others of the batch, and those behind it, have no part in it.
      return CompletableFuture.failedFuture(refused);
    }
  }

  private List<Waiting> next() {
    synchronized (lock) {
      List<Waiting> batch = new ArrayList<>();
      while (batch.size() < MAX_BATCH && !waiting.isEmpty()) {
        batch.add(waiting.remove());
      }
      underWay = !batch.isEmpty();
      return batch;
    }
  }
}
