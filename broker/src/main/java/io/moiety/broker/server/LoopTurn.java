package io.moiety.broker.server;

import io.moiety.broker.store.StoreTurn;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * How event loops take the store turn: once for all the requests that came with one read, so that
 * one end of a batch and one force serve them all; and when what their clients wait for has become
 * durable, so that no other thread has to hand the answers over to them.
 *
 * <p>Thread-safe; a read begins and ends on its event loop.
 */
public final class LoopTurn {

  /** More do not wait for the end of the read, which may bring a megabyte. */
  private static final int MOST_GATHERED = 256;

  private final StoreTurn turn;
  private final Runnable wakeOtherwise;
  private final FastThreadLocal<Gathered> gathered =
      new FastThreadLocal<>() {
        @Override
        protected Gathered initialValue() {
          return new Gathered();
        }
      };
  private final AtomicBoolean waking = new AtomicBoolean();
  private volatile @Nullable EventExecutor readLast;

  /** What one event loop has read and not brought to the turn. */
  private static final class Gathered {
    private boolean reading;
    private int count;
  }

  /**
   * A way into a turn.
   *
   * @param wakeOtherwise has somebody take the turn soon when no event loop can
   */
  public LoopTurn(StoreTurn turn, Runnable wakeOtherwise) {
    this.turn = turn;
    this.wakeOtherwise = wakeOtherwise;
  }

  /** A request came; more of the same read may follow until {@link #readEnded}. */
  void readBegan(EventExecutor eventLoop) {
    gathered.get().reading = true;
    if (readLast != eventLoop) {
      readLast = eventLoop;
    }
  }

  /** Takes the turn for what was read. */
  void readEnded() {
    Gathered mine = gathered.get();
    mine.reading = false;
    mine.count = 0;
    turn.takeUp();
  }

  /** Brings a request, as {@link StoreTurn#offer}, but not before the read of this thread ends. */
  boolean offer(Runnable task) {
    Gathered mine = gathered.get();
    if (!mine.reading) {
      return turn.offer(task);
    }
    if (!turn.leave(task)) {
      return false;
    }
    mine.count++;
    if (mine.count >= MOST_GATHERED) {
      mine.count = 0;
      turn.takeUp();
    }
    return true;
  }

  /** As {@link StoreTurn#post}. */
  void post(Runnable task) {
    turn.post(task);
  }

  /**
   * Has the event loop that read last take the turn: most likely it is its clients who wait. When
   * it has not come by the next time, somebody else does it, so that a loop that is kept by other
   * work keeps nobody's answers. Any thread; it does not wait.
   */
  public void becameDurable() {
    EventExecutor eventLoop = readLast;
    if (eventLoop == null || !waking.compareAndSet(false, true)) {
      wakeOtherwise.run();
    } else {
      try {
        eventLoop.execute(this::publish);
      } catch (RejectedExecutionException stopped) {
        waking.set(false);
        wakeOtherwise.run();
      }
    }
  }

  private void publish() {
    waking.set(false);
    turn.post(() -> {});
  }
}
