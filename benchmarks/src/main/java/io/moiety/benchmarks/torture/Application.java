package io.moiety.benchmarks.torture;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.moiety.benchmarks.torture.History.Event;
import io.moiety.client.BranchPart;
import io.moiety.client.BrokerException;
import io.moiety.client.ClientException;
import io.moiety.client.MoietyClient;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.XaFailure;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.ResponseCode;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import javax.transaction.xa.XAException;

/**
 * What a worker has: a connection that comes back, a database, and a history. For one thread; the
 * history and the database are shared with the other workers of the process.
 */
final class Application implements AutoCloseable {
  private static final int ATTEMPTS = 20;
  private static final int MAX_PADDING_BYTES = 1_500;

  private final String address;
  private final String clientId;
  private final int client;
  private final History history;
  private final Decisions decisions;
  private final Random random;
  private Link link;

  private Application(
      String address,
      String clientId,
      int client,
      History history,
      Decisions decisions,
      Random random,
      Link link) {
    this.address = address;
    this.clientId = clientId;
    this.client = client;
    this.history = history;
    this.decisions = decisions;
    this.random = random;
    this.link = link;
  }

  static Application connect(
      String address,
      String clientId,
      int client,
      History history,
      Decisions decisions,
      Random random)
      throws InterruptedException {
    Link link = Link.connect(address, clientId, Names.INPUTS);
    return new Application(address, clientId, client, history, decisions, random, link);
  }

  Link link() {
    return link;
  }

  void reconnect() throws InterruptedException {
    link.close();
    link = Link.connect(address, clientId, Names.INPUTS);
  }

  TrialId id(int number) {
    return new TrialId(client, number);
  }

  void tell(int number, Event event, String detail) {
    history.tell(number, event, detail);
  }

  void decide(int number, Decision decision) {
    decisions.decide(number, decision);
  }

  /** A message, with a delay now and then. */
  OutgoingMessage message(String topic, int number, int ordinal) {
    return message(topic, number, ordinal, Optional.empty());
  }

  OutgoingMessage message(String topic, int number, int ordinal, Optional<BranchPart> branch) {
    String body = id(number).message(ordinal) + "|" + "x".repeat(random.nextInt(MAX_PADDING_BYTES));
    return new OutgoingMessage(
        topic,
        0,
        topic.equals(Names.INPUTS) ? MessageProperties.empty() : delay(),
        ByteBuffer.wrap(body.getBytes(US_ASCII)),
        0,
        0,
        System.currentTimeMillis(),
        branch);
  }

  private MessageProperties delay() {
    MessageProperties none = MessageProperties.empty();
    return switch (random.nextInt(8)) {
      case 0 -> none.with(PropertyNames.DELAY, "1");
      case 1 ->
          none.with(PropertyNames.TIMER_DELAY_MS, Integer.toString(1 + random.nextInt(2_500)));
      default -> none;
    };
  }

  String output() {
    return Names.OUTPUTS.get(random.nextInt(Names.OUTPUTS.size()));
  }

  /**
   * Resolves or decides: again and again until there is a definite answer, or until it is left to
   * others, which happens when a connection is lost.
   *
   * @param what for the history
   */
  void insist(int number, String what, Function<MoietyClient, CompletableFuture<Void>> step)
      throws InterruptedException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        Link.await(step.apply(link.client()));
        tell(number, Event.DONE, what);
        return;
      } catch (ClientException failure) {
        if (isDefinite(failure)) {
          tell(number, Event.REFUSED, what + ": " + failure.getMessage());
          return;
        }
        reconnect();
        if (random.nextInt(3) == 0) {
          return;
        }
      }
    }
  }

  /** Whether the broker says that it will not happen, rather than that nobody knows. */
  static boolean isDefinite(ClientException failure) {
    if (failure instanceof XaFailure xa) {
      return xa.xaError() != XAException.XAER_RMFAIL;
    }
    return failure instanceof BrokerException refused
        && refused.code() == ResponseCode.TRANSACTION_FAILED;
  }

  @Override
  public void close() {
    link.close();
  }
}
