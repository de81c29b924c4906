package io.moiety.client;

import io.moiety.protocol.Command;
import io.moiety.protocol.HeaderFormat;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection and what waits on it. It ends once, for one cause, and with it every waiting
 * request.
 *
 * <p>{@link #request}, {@link #oneway}, {@link #end} and {@link #isOpen} are for any thread;
 * everything else, and all mutable state but the volatile cause, belongs to the channel's event
 * loop.
 */
final class Connection {

  /** How exact time-outs are: the table is looked through this often while something waits. */
  private static final long SWEEP_MILLIS = 50;

  private final Channel channel;
  private final BrokerAddress address;
  private final HeaderFormat headerFormat;
  private final Optional<Credentials> credentials;
  private final RequestLimit limit;
  private final RequestTable table = new RequestTable();
  private Consumer<Command> brokerRequests = request -> {};
  private Consumer<ClientException> ending = cause -> {};
  private Runnable frameHeard = () -> {};
  private boolean flushDue;
  private boolean sweepDue;
  private volatile @Nullable ClientException endCause;

  Connection(Channel channel, BrokerAddress address, ClientConfig config) {
    this.channel = channel;
    this.address = address;
    headerFormat = config.headerFormat();
    credentials = config.credentials();
    limit = new RequestLimit(config.maxInFlightSends(), config.maxInFlightBytes());
  }

  BrokerAddress address() {
    return address;
  }

  Channel channel() {
    return channel;
  }

  InetAddress localAddress() {
    return ((InetSocketAddress) channel.localAddress()).getAddress();
  }

  boolean isOpen() {
    return endCause == null && channel.isActive();
  }

  /** Sends a request; the future completes on the event loop. */
  <T> CompletableFuture<T> request(
      Command command, RequestKind kind, Duration timeout, AnswerReader<T> reader) {
    try {
      PendingRequest<T> pending =
          admit(command.code(), kind, command.body().remaining(), timeout, reader);
      execute(() -> start(pending, command), () -> fail(pending, lostBefore(pending)));
      return pending.future();
    } catch (RequestLimitException full) {
      return CompletableFuture.failedFuture(full);
    }
  }

  /**
   * Sends what has no answer. Not sent when the connection has ended: its end is told otherwise.
   */
  void oneway(Command command) {
    execute(() -> write(command.asOneway()), () -> {});
  }

  /** Ends the connection. The first cause counts. */
  void end(ClientException cause) {
    execute(() -> endNow(cause), () -> {});
  }

  /**
   * Takes a place among the waiting requests, to be passed to {@link #start} or {@link #fail}.
   *
   * @throws RequestLimitException when there is none
   */
  <T> PendingRequest<T> admit(
      int code, RequestKind kind, int bodyBytes, Duration timeout, AnswerReader<T> reader) {
    limit.acquire(kind, bodyBytes);
    return new PendingRequest<>(code, kind, bodyBytes, timeout, System.nanoTime(), reader);
  }

  /**
   * Runs the task on the event loop, at once when called there; {@code gone} runs when the loop has
   * ended.
   */
  void execute(Runnable task, Runnable gone) {
    if (channel.eventLoop().inEventLoop()) {
      task.run();
      return;
    }
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException loopEnded) {
      gone.run();
    }
  }

  /** Writes an admitted request. */
  void start(PendingRequest<?> pending, Command command) {
    if (endCause != null) {
      fail(pending, lostBefore(pending));
      return;
    }
    int opaque = table.add(pending);
    sweepLater();
    write(command.withOpaque(opaque))
        .addListener(
            written -> {
              if (!written.isSuccess()) {
                writeFailed(opaque, written.cause());
              }
            });
  }

  /** Fails an admitted request that was not started, or that was taken out of the table. */
  void fail(PendingRequest<?> pending, ClientException cause) {
    limit.release(pending.bodyBytes());
    pending.fail(cause);
  }

  /** Who is told when everything that waited has failed. */
  void onEnd(Consumer<ClientException> listener) {
    ending = listener;
  }

  /** Who answers requests that come from the broker. */
  void onBrokerRequest(Consumer<Command> handler) {
    brokerRequests = handler;
  }

  void onFrame(Runnable listener) {
    frameHeard = listener;
  }

  /** Sends the answer to a request of the broker. */
  void answer(Command response) {
    write(response);
  }

  void received(Command command) {
    frameHeard.run();
    if (command.isResponse()) {
      table.take(command.opaque()).ifPresent(pending -> complete(pending, command));
    } else {
      brokerRequests.accept(command);
    }
  }

  void endNow(ClientException cause) {
    if (endCause == null) {
      endCause = cause;
      channel.close();
    }
  }

  /**
   * The channel is closed, by whomever. Requests that could not be written any more have failed by
   * then, since Netty fails its writes first; the others may have reached the broker.
   */
  void ended() {
    ClientException cause = endCause;
    if (cause == null) {
      cause =
          new ConnectionLostException("The broker at " + address + " closed the connection", true);
      endCause = cause;
    }
    for (PendingRequest<?> pending : table.takeAll()) {
      fail(pending, lostBecause(pending, cause));
    }
    ending.accept(cause);
  }

  private void complete(PendingRequest<?> pending, Command answer) {
    try {
      limit.release(pending.bodyBytes());
      pending.answer(answer);
    } catch (RuntimeException malformed) {
      // Whatever the reader stumbled over: the request has left the table, its future must
      // complete.
      ConnectionLostException cause =
          new ConnectionLostException(
              "The broker at "
                  + address
                  + " gave a malformed answer to request "
                  + pending.code()
                  + ": "
                  + malformed.getMessage(),
              true,
              malformed);
      pending.fail(cause);
      endNow(cause);
    }
  }

  private ChannelFuture write(Command command) {
    Command signed =
        credentials.isPresent() && !command.isResponse()
            ? credentials.get().sign(command)
            : command;
    ChannelFuture written = channel.write(signed.withFormat(headerFormat));
    if (!flushDue) {
      flushDue = true;
      // Behind the tasks that wait already, so that what they write leaves in one system call.
      channel.eventLoop().execute(this::flush);
    }
    return written;
  }

  private void flush() {
    flushDue = false;
    channel.flush();
  }

  private void writeFailed(int opaque, Throwable cause) {
    table
        .take(opaque)
        .ifPresent(
            pending ->
                fail(
                    pending,
                    new ConnectionLostException(
                        "Request "
                            + pending.code()
                            + " could not be written to the broker at "
                            + address
                            + ": "
                            + cause.getMessage(),
                        false,
                        cause)));
  }

  private void sweepLater() {
    if (!sweepDue) {
      sweepDue = true;
      channel.eventLoop().schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void sweep() {
    sweepDue = false;
    for (PendingRequest<?> pending : table.takeExpired(System.nanoTime())) {
      RequestTimeoutException late =
          new RequestTimeoutException(pending.code(), pending.timeout(), address);
      fail(pending, late);
      if (pending.kind() == RequestKind.HANDING_OVER) {
        endNow(
            new ConnectionLostException(
                "The broker at " + address + " may have handed over what nobody took", true, late));
      }
    }
    if (!table.isEmpty()) {
      sweepLater();
    }
  }

  private ConnectionLostException lostBefore(PendingRequest<?> pending) {
    ClientException cause = endCause;
    String why = cause == null ? "its event loop has ended" : String.valueOf(cause.getMessage());
    return new ConnectionLostException(
        "Request "
            + pending.code()
            + " was not sent, the connection to the broker at "
            + address
            + " had ended: "
            + why,
        false);
  }

  private ConnectionLostException lostBecause(PendingRequest<?> pending, ClientException cause) {
    return new ConnectionLostException(
        "The connection to the broker at "
            + address
            + " ended before the answer to request "
            + pending.code()
            + " came: "
            + cause.getMessage(),
        true,
        cause);
  }
}
