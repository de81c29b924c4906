package io.moiety.ra.checkback;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.moiety.client.BrokerAddress;
import io.moiety.client.CheckBack;
import io.moiety.client.CheckBackListener;
import io.moiety.client.ClientConfig;
import io.moiety.client.HalfMessages;
import io.moiety.client.HalfState;
import io.moiety.client.MoietyClient;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.ReconnectEvents;
import io.moiety.client.ReconnectPolicy;
import io.moiety.client.ReconnectingClient;
import io.moiety.client.Resolution;
import io.moiety.client.SendStatus;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This node as a member of one producer group at one broker, over one connection: half messages are
 * sent over it, so that the broker asks here first, and resolved over it. Connects again after each
 * loss, and joins again.
 *
 * <p>Thread-safe; nothing blocks but {@link #close}.
 */
final class Membership implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(Membership.class.getName());

  private final String group;
  private final ReconnectingClient client;
  private final ResolutionBatches resolutions;

  private Membership(String group, ReconnectingClient client, Tasks tasks) {
    this.group = group;
    this.client = client;
    resolutions = new ResolutionBatches(this::endNow, tasks);
  }

  /**
   * Connects, which is tried once, and joins the group.
   *
   * @param addresses where the broker is, which may change; asked for each connection, on an event
   *     loop
   * @param checks answers the broker's questions; called on the event loop
   * @param tasks where what waits behind a slow answer goes on
   */
  static CompletableFuture<Membership> join(
      ClientConfig config,
      Supplier<List<BrokerAddress>> addresses,
      String group,
      CheckBackListener checks,
      Tasks tasks) {
    return ReconnectingClient.connect(
            config, addresses, ReconnectPolicy.DEFAULT, new Joining(group, checks))
        .thenApply(client -> new Membership(group, client, tasks));
  }

  String group() {
    return group;
  }

  /** Stores a half message; complete when it is durable. */
  CompletableFuture<StoredHalf> send(OutgoingMessage message) {
    return client
        .client()
        .thenCompose(
            connected ->
                connected
                    .halfMessages()
                    .send(group, message)
                    .thenApply(
                        receipt -> {
                          if (receipt.receipt().status() != SendStatus.OK) {
                            throw new HalfNotSafeException(
                                message.topic(), receipt.receipt().status());
                          }
                          return new StoredHalf(connected.broker().storeUuid(), receipt.half());
                        }));
  }

  /** Resolves a half message, with others; complete when that is durable. */
  CompletableFuture<Void> end(StoredHalf half, Resolution resolution) {
    return resolutions.add(half, resolution);
  }

  private CompletableFuture<Void> endNow(StoredHalf half, Resolution resolution) {
    return atStoreOf(half, halves -> halves.end(half.half(), resolution));
  }

  CompletableFuture<HalfState> outcome(StoredHalf half) {
    return atStoreOf(half, halves -> halves.outcome(half.half()));
  }

  /**
   * Asked when it is sent, not before: the connection may be to another broker by then, which does
   * not know the message, as if it had been resolved long ago.
   */
  private <T> CompletableFuture<T> atStoreOf(
      StoredHalf half, Function<HalfMessages, CompletableFuture<T>> request) {
    return client
        .client()
        .thenCompose(
            connected ->
                connected.broker().storeUuid().equals(half.storeUuid())
                    ? request.apply(connected.halfMessages())
                    : CompletableFuture.failedFuture(
                        new IllegalStateException(
                            "The half message "
                                + half.half().uniqueKey()
                                + " is in store "
                                + half.storeUuid()
                                + ", and this node is connected to "
                                + connected.broker().storeUuid())));
  }

  CompletableFuture<Set<String>> members() {
    return client.client().thenCompose(connected -> connected.halfMessages().members(group));
  }

  /** False also while it is not connected at all. */
  boolean isConnectedTo(String storeUuid) {
    CompletableFuture<MoietyClient> connected = client.client();
    return connected.isDone()
        && !connected.isCompletedExceptionally()
        && connected.join().broker().storeUuid().equals(storeUuid);
  }

  @Override
  public void close() {
    client.close();
  }

  /** Joins with each new connection. */
  private record Joining(String group, CheckBackListener checks) implements ReconnectEvents {

    @Override
    public void connected(MoietyClient client) {
      client
          .halfMessages()
          .register(group, this::check)
          .whenComplete((joined, failure) -> joined(client, failure));
    }

    private void check(CheckBack check) {
      checks.check(check);
    }

    private void joined(MoietyClient client, @Nullable Throwable failure) {
      if (failure == null) {
        LOGGER.log(
            INFO,
            "Answers for producer group {0} at broker {1}",
            group,
            client.broker().brokerName());
      } else {
        // The keep-alive says it again.
        LOGGER.log(
            WARNING,
            "The broker {0} does not ask here about producer group {1} yet: {2}",
            client.broker().brokerName(),
            group,
            failure.getMessage());
      }
    }

    @Override
    public void connectionLost(Throwable cause) {
      // The client says so, and connects again.
    }
  }
}
