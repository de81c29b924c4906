package io.moiety.jms;

import io.moiety.client.BrokerException;
import io.moiety.client.Delivery;
import io.moiety.client.RequestLimitException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Inbox} has fetched and nobody has taken, in its order. While nobody wants it, it
 * is kept for a moment, for the next receive; then the broker has it back, uncounted, so that it is
 * not kept from others.
 *
 * <p>Guarded by the lock of the session's {@link DeliveryGate}, which callers hold.
 */
final class FetchedMessages {

  private static final System.Logger LOGGER = System.getLogger(FetchedMessages.class.getName());

  /** For so long a message is kept for the next receive. */
  private static final long KEPT_MILLIS = 50;

  /** A broker that takes nothing back for the moment is asked again then. */
  private static final long BUSY_PAUSE_MILLIS = 200;

  private final DeliveryGate gate;
  private final Link.Session session;
  private final BooleanSupplier isWanted;
  private final Deque<Delivery> messages = new ArrayDeque<>();

  /** By whom they came; null when all that came by the last one was dropped. */
  private Link.@Nullable Consumer from;

  private boolean giveBackDue;

  /** When somebody wanted them last. */
  private long wantedNanos;

  /**
   * @param isWanted whether somebody is about to take messages, who calls {@link #wantedNoMore}
   *     otherwise
   */
  FetchedMessages(DeliveryGate gate, Link.Session session, BooleanSupplier isWanted) {
    this.gate = gate;
    this.session = session;
    this.isWanted = isWanted;
  }

  void add(Link.Consumer receivedFrom, List<Delivery> received) {
    from = receivedFrom;
    messages.addAll(received);
    if (!isWanted.getAsBoolean()) {
      wantedNoMore();
    }
  }

  int size() {
    return messages.size();
  }

  @Nullable Delivery poll() {
    return messages.poll();
  }

  /**
   * It is the next again, or the broker's if it went back meanwhile, with its consumer or with a
   * lost connection.
   */
  void putBack(Delivery delivery) {
    if (from != null && session.stillHas(delivery.consumer())) {
      messages.addFirst(delivery);
      wantedNoMore();
    }
  }

  /** The broker has them back by itself. */
  void drop() {
    messages.clear();
    from = null;
  }

  /** From now on they are kept for a moment. */
  void wantedNoMore() {
    wantedNanos = System.nanoTime();
    giveBackAfter(KEPT_MILLIS);
  }

  private void giveBackAfter(long millis) {
    if (!messages.isEmpty() && !giveBackDue) {
      giveBackDue = true;
      CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(this::giveBack);
    }
  }

  private void giveBack() {
    gate.lock();
    try {
      giveBackDue = false;
      Link.Consumer by = from;
      if (by == null || gate.isClosed() || isWanted.getAsBoolean()) {
        return;
      }
      long wantedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - wantedNanos);
      if (wantedMillis < KEPT_MILLIS) {
        giveBackAfter(KEPT_MILLIS - wantedMillis);
      } else if (!messages.isEmpty()) {
        List<Delivery> unwanted = List.copyOf(messages);
        messages.clear();
        by.release(unwanted).whenComplete((done, refused) -> released(by, unwanted, refused));
      }
    } finally {
      gate.unlock();
    }
  }

  /** On a thread of the network. */
  private void released(Link.Consumer by, List<Delivery> unwanted, @Nullable Throwable refused) {
    if (refused == null) {
      return;
    }
    gate.lock();
    try {
      if (by == from && isPassing(refused)) {
        for (int i = unwanted.size() - 1; i >= 0; i--) {
          if (session.stillHas(unwanted.get(i).consumer())) {
            messages.addFirst(unwanted.get(i));
          }
        }
        giveBackAfter(BUSY_PAUSE_MILLIS);
        gate.signal();
      } else {
        LOGGER.log(
            System.Logger.Level.DEBUG,
            "Messages that nobody takes stay leased to their session, to the end of that",
            refused);
      }
    } finally {
      gate.unlock();
    }
  }

  private static boolean isPassing(Throwable refused) {
    Throwable cause = JmsExceptions.unwrap(refused);
    return cause instanceof RequestLimitException
        || (cause instanceof BrokerException broker && JmsExceptions.isPassing(broker.code()));
  }
}
