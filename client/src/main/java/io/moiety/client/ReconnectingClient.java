package io.moiety.client;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Supplies a connected client, and after each loss a new one, until it is closed. No thread is held
 * while it waits.
 *
 * <p>Sessions, temporary topics and registrations end with their connection; {@link
 * ReconnectEvents#connected} is the place to open them again.
 *
 * <p>Thread-safe: its lock protects which client is current and who waits for one; nothing foreign
 * is called under it.
 */
public final class ReconnectingClient implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(ReconnectingClient.class.getName());

  private final ClientConfig config;
  private final Supplier<List<BrokerAddress>> addresses;
  private final ReconnectEvents events;
  private final EventLoops loops;
  private final boolean ownsLoops;
  private final Backoff backoff;
  private final Object lock = new Object();
  private final List<CompletableFuture<MoietyClient>> waiting = new ArrayList<>();
  private @Nullable MoietyClient current;
  private Throwable lastFailure = new ConnectionLostException("not connected yet", false);
  private boolean closed;

  private ReconnectingClient(
      ClientConfig config,
      Supplier<List<BrokerAddress>> addresses,
      ReconnectPolicy policy,
      ReconnectEvents events) {
    ownsLoops = config.eventLoops().isEmpty();
    loops = config.eventLoops().orElseGet(() -> EventLoops.start(1));
    this.config = config.withEventLoops(loops);
    this.addresses = addresses;
    this.events = events;
    backoff = new Backoff(policy.firstDelay(), policy.maxDelay(), new SplittableRandom());
  }

  /**
   * Connects for the first time. That is tried once: fails with {@link ConnectFailedException},
   * which says why for each address.
   */
  public static CompletableFuture<ReconnectingClient> connect(
      ClientConfig config, ReconnectPolicy policy, ReconnectEvents events) {
    return connect(config, config::addresses, policy, events);
  }

  /**
   * As {@link #connect(ClientConfig, ReconnectPolicy, ReconnectEvents)}, for a broker that may
   * move.
   *
   * @param addresses where brokers run, in place of the configuration's; asked before each attempt,
   *     on an event loop: must not block; when it throws, the attempt has failed
   */
  public static CompletableFuture<ReconnectingClient> connect(
      ClientConfig config,
      Supplier<List<BrokerAddress>> addresses,
      ReconnectPolicy policy,
      ReconnectEvents events) {
    ReconnectingClient client = new ReconnectingClient(config, addresses, policy, events);
    CompletableFuture<ReconnectingClient> result = new CompletableFuture<>();
    client.new Attempt()
        .start()
        .whenComplete(
            (connected, failure) -> {
              if (failure == null) {
                if (!result.complete(client)) {
                  client.close();
                }
              } else {
                client.close();
                result.completeExceptionally(failure);
              }
            });
    return result;
  }

  /**
   * The connected client, or the next one. Fails with {@link ConnectionLostException} when there is
   * none within the configured request time-out.
   */
  public CompletableFuture<MoietyClient> client() {
    CompletableFuture<MoietyClient> future = new CompletableFuture<>();
    synchronized (lock) {
      if (current != null) {
        future.complete(current);
        return future;
      }
      if (closed) {
        return CompletableFuture.failedFuture(notConnected());
      }
      if (waiting.size() >= config.maxInFlightSends()) {
        return CompletableFuture.failedFuture(
            new RequestLimitException(
                waiting.size()
                    + " requests wait for a connection already; "
                    + notConnected().getMessage()));
      }
      waiting.add(future);
    }
    loops
        .group()
        .schedule(() -> giveUp(future), config.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
    return future;
  }

  /**
   * Sends on the current connection or the next. Tried again on a new one when the broker cannot
   * have seen the message and it is not part of a branch, until the request time-out is over.
   */
  public CompletableFuture<SendReceipt> send(OutgoingMessage message) {
    CompletableFuture<SendReceipt> result = new CompletableFuture<>();
    send(message, System.nanoTime() + config.requestTimeout().toNanos(), result);
    return result;
  }

  private void send(
      OutgoingMessage message, long deadlineNanos, CompletableFuture<SendReceipt> result) {
    client()
        .whenComplete(
            (client, unconnected) -> {
              if (unconnected != null) {
                result.completeExceptionally(unconnected);
                return;
              }
              client
                  .send(message)
                  .whenComplete(
                      (receipt, failure) -> {
                        boolean again =
                            failure instanceof ConnectionLostException lost
                                && !lost.requestWritten()
                                && !client.isOpen()
                                && message.branch().isEmpty()
                                && System.nanoTime() - deadlineNanos < 0;
                        if (again) {
                          forget(client);
                          send(message, deadlineNanos, result);
                        } else {
                          Completion.pass(receipt, failure, result);
                        }
                      });
            });
  }

  /** Ends the current connection and the attempts to get a new one. Closed twice without harm. */
  @Override
  public void close() {
    MoietyClient open;
    List<CompletableFuture<MoietyClient>> unserved;
    synchronized (lock) {
      closed = true;
      lastFailure = new ConnectionLostException("the client was closed", false);
      open = current;
      current = null;
      unserved = takeWaiting();
    }
    ConnectionLostException cause = notConnected();
    unserved.forEach(future -> future.completeExceptionally(cause));
    if (open != null) {
      open.close();
    }
    if (ownsLoops) {
      loops.close();
    }
  }

  private void installed(MoietyClient client) {
    List<CompletableFuture<MoietyClient>> served;
    boolean wanted;
    synchronized (lock) {
      wanted = !closed;
      current = wanted ? client : null;
      backoff.reset();
      served = takeWaiting();
    }
    if (!wanted) {
      client.close();
      return;
    }
    tell(() -> events.connected(client));
    served.forEach(future -> future.complete(client));
  }

  private void lost(@Nullable MoietyClient client, Throwable cause) {
    synchronized (lock) {
      if (closed) {
        return;
      }
      forget(client);
      lastFailure = cause;
    }
    LOGGER.log(WARNING, "{0}. Connecting again.", cause.getMessage());
    tell(() -> events.connectionLost(cause));
    retryLater();
  }

  private void forget(@Nullable MoietyClient client) {
    synchronized (lock) {
      if (current == client) {
        current = null;
      }
    }
  }

  private void retryLater() {
    long delayMillis;
    synchronized (lock) {
      delayMillis = backoff.nextDelayMillis();
    }
    try {
      loops.group().schedule(this::retry, delayMillis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException loopsClosed) {
      LOGGER.log(INFO, "Not connecting again: the event loops were closed");
    }
  }

  private void retry() {
    synchronized (lock) {
      if (closed) {
        return;
      }
    }
    new Attempt()
        .start()
        .whenComplete(
            (connected, failure) -> {
              if (failure == null) {
                LOGGER.log(INFO, "Connected again to {0}", connected.broker().brokerName());
                return;
              }
              synchronized (lock) {
                if (closed) {
                  return;
                }
                lastFailure = failure;
              }
              LOGGER.log(WARNING, "{0} Trying again.", failure.getMessage());
              retryLater();
            });
  }

  private void giveUp(CompletableFuture<MoietyClient> future) {
    synchronized (lock) {
      if (!waiting.removeIf(waits -> waits == future)) {
        return;
      }
    }
    future.completeExceptionally(notConnected());
  }

  private List<CompletableFuture<MoietyClient>> takeWaiting() {
    List<CompletableFuture<MoietyClient>> taken = List.copyOf(waiting);
    waiting.clear();
    return taken;
  }

  private ConnectionLostException notConnected() {
    synchronized (lock) {
      return new ConnectionLostException(
          "There is no connection to a broker: " + lastFailure.getMessage(), false, lastFailure);
    }
  }

  private static void tell(Runnable event) {
    try {
      event.run();
    } catch (RuntimeException failure) {
      // The listener is not ours; connecting goes on without it.
      LOGGER.log(ERROR, "A listener failed when told of a connection", failure);
    }
  }

  /** One connection, from the attempt to its end. Confined to the connection's event loop. */
  private final class Attempt implements ClientEvents {

    private @Nullable MoietyClient client;

    CompletableFuture<MoietyClient> start() {
      ClientConfig there;
      try {
        there = config.withAddresses(addresses.get());
      } catch (RuntimeException | Error failure) {
        // The supplier is not ours, and the next attempt follows from this one's end.
        return CompletableFuture.failedFuture(failure);
      }
      return MoietyClient.connect(there, this, this::connected);
    }

    private void connected(MoietyClient connected) {
      client = connected;
      installed(connected);
    }

    @Override
    public void connectionLost(Throwable cause) {
      lost(client, cause);
    }
  }
}
