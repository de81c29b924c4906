package io.moiety.broker.log;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Forces the log: at once when somebody asks (everything appended meanwhile is answered by the same
 * force), and otherwise at intervals. It is also the thread that tells of a failure, whoever met
 * it, and then ends.
 */
final class FlushThread implements Flushing {

  private final Flusher flusher;
  private final AppendedPosition appended;
  private final LogFailure failure;
  private final LogEvents events;
  private final long intervalNanos;
  private final Thread thread;

  private final AtomicLong requestedPosition = new AtomicLong();
  private volatile boolean parked;
  private volatile boolean closing;

  FlushThread(
      Flusher flusher,
      AppendedPosition appended,
      LogFailure failure,
      LogEvents events,
      LogConfig config) {
    this.flusher = flusher;
    this.appended = appended;
    this.failure = failure;
    this.events = events;
    this.intervalNanos = TimeUnit.MILLISECONDS.toNanos(config.flushIntervalMillis());
    this.thread = new Thread(this::run, "moiety-log-flush");
    thread.setDaemon(true);
  }

  void start() {
    failure.reportBy(() -> LockSupport.unpark(thread));
    thread.start();
  }

  @Override
  public void request(long position) {
    requestedPosition.accumulateAndGet(Math.min(position, appended.position()), Math::max);
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    ThreadEnd.await(thread);
  }

  private void run() {
    try {
      while (!closing && !failure.raised()) {
        rest();
        forceAppended();
      }
      forceAppended();
    } catch (IOException | RuntimeException | Error e) {
      // The top of the thread: whatever it is, nothing becomes durable any more.
      failure.raise(e);
    }
    end();
    failure.cause().ifPresent(events::failed);
  }

  private void end() {
    try (flusher) {
      if (!failure.raised()) {
        flusher.forceHint();
      }
    } catch (IOException e) {
      failure.raise(e);
    }
  }

  private void forceAppended() throws IOException {
    if (!failure.raised()) {
      long target = appended.position();
      flusher.force(target, appended.storeTimestampMillis());
    }
  }

  /** Until the interval is over, or a force is asked for. */
  private void rest() {
    parked = true;
    if (requestedPosition.get() <= flusher.durablePosition() && !closing && !failure.raised()) {
      LockSupport.parkNanos(this, intervalNanos);
    }
    parked = false;
  }
}
