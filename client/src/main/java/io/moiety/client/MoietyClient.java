package io.moiety.client;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.ERROR;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import io.moiety.protocol.UniqueKeys;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One connection to a broker and what can be done over it. When the connection is lost, so is the
 * client: every waiting future fails, {@link ClientEvents#connectionLost} is called, and a new
 * client must be connected, as {@link ReconnectingClient} does.
 *
 * <p>Nothing blocks but {@link #close}. Futures complete on the connection's event loop, so what
 * depends on them must not block either. They fail with a {@link ClientException}. Thread-safe.
 */
public final class MoietyClient implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(MoietyClient.class.getName());
  private static final long CLOSE_TIMEOUT_SECONDS = 5;

  private final Connection connection;
  private final BrokerIdentity broker;
  private final Optional<EventLoops> ownLoops;
  private final Duration requestTimeout;
  private final UniqueKeys uniqueKeys;
  private final Sender sender;
  private final Transactions transactions;
  private final Topics topics;
  private final CheckBackGroups checkBackGroups;
  private final HalfMessages halfMessages;
  private final DelayedMessages delayedMessages;
  private final Administration administration;
  private final Optional<Command> farewell;
  private volatile boolean closing;

  private MoietyClient(
      Connection connection,
      BrokerIdentity broker,
      ClientConfig config,
      Optional<EventLoops> ownLoops) {
    this.connection = connection;
    this.broker = broker;
    farewell = config.claim().map(claim -> farewell(config.clientId()));
    this.ownLoops = ownLoops;
    requestTimeout = config.requestTimeout();
    transactions = new Transactions(connection, requestTimeout);
    topics = new Topics(connection, requestTimeout);
    uniqueKeys =
        new UniqueKeys(
            connection.localAddress(),
            ProcessHandle.current().pid(),
            ThreadLocalRandom.current().nextInt(),
            Clock.system(ZoneId.systemDefault()));
    sender =
        new Sender(connection, new RouteTable(topics::route), broker, uniqueKeys, requestTimeout);
    checkBackGroups = new CheckBackGroups(connection, config.clientId(), requestTimeout);
    halfMessages = new HalfMessages(connection, sender, checkBackGroups, requestTimeout);
    delayedMessages = new DelayedMessages(connection, requestTimeout);
    administration = new Administration(connection, requestTimeout);
  }

  /**
   * Tries the addresses in turn. Fails with {@link ConnectFailedException}, which says why for each
   * of them. A future that was cancelled meanwhile leaves no connection behind.
   */
  public static CompletableFuture<MoietyClient> connect(ClientConfig config, ClientEvents events) {
    return connect(config, events, connected -> {});
  }

  /**
   * @param connected is called on the event loop before anything else can happen to the connection
   */
  static CompletableFuture<MoietyClient> connect(
      ClientConfig config, ClientEvents events, Consumer<MoietyClient> connected) {
    Optional<EventLoops> ownLoops =
        config.eventLoops().isPresent() ? Optional.empty() : Optional.of(EventLoops.start(1));
    EventLoops loops = config.eventLoops().or(() -> ownLoops).orElseThrow();
    CompletableFuture<MoietyClient> result = new CompletableFuture<>();
    Connector.connect(config, loops)
        .whenComplete(
            (greeted, failure) -> {
              if (failure == null) {
                MoietyClient client = started(greeted, config, events, ownLoops);
                connected.accept(client);
                if (!result.complete(client)) {
                  client.close();
                }
              } else {
                ownLoops.ifPresent(EventLoops::close);
                result.completeExceptionally(failure);
              }
            });
    return result;
  }

  /** On the event loop, so that nothing can happen to the connection in between. */
  private static MoietyClient started(
      Connector.Greeted greeted,
      ClientConfig config,
      ClientEvents events,
      Optional<EventLoops> ownLoops) {
    Connection connection = greeted.connection();
    MoietyClient client = new MoietyClient(connection, greeted.broker(), config, ownLoops);
    connection.onEnd(cause -> client.ended(cause, events));
    connection.onBrokerRequest(client::answerBroker);
    KeepAliveTask.start(
        connection,
        greeted.hello(),
        greeted.broker().sessionTimeout(),
        client.checkBackGroups::renew);
    return client;
  }

  /** Who is at the other end. */
  public BrokerIdentity broker() {
    return broker;
  }

  /** False from the moment that the connection is known to have ended. */
  public boolean isOpen() {
    return connection.isOpen();
  }

  /** Sends a message. Complete when it is stored as safely as {@link SendReceipt#status} says. */
  public CompletableFuture<SendReceipt> send(OutgoingMessage message) {
    return sender.send(Sender.PRODUCER_GROUP, message, Function.identity());
  }

  /**
   * Sends the only message of a branch, which commits the branch, and starts another, in one
   * request. The message is stored once, and not at all unless the branch is open, without other
   * parts and of the incarnation that the message names. When it is refused, the branch is as it
   * was.
   *
   * <p>When the answer gets lost, or is an {@link XaFailure} with {@code XAER_RMFAIL}, ask {@link
   * Transactions#outcome}, as for any commit.
   *
   * @param message with a {@link OutgoingMessage#branch}
   * @param next what to start
   * @return the branch that was started; empty when the commit happened and the broker could not
   *     start one, which {@link Transactions#start} will say why
   */
  public CompletableFuture<Optional<Branch>> sendAndCommit(
      OutgoingMessage message, Optional<NextBranch> next) {
    if (message.branch().isEmpty()) {
      throw new IllegalArgumentException("A message outside of branches has none to commit");
    }
    return sender.sendAndCommit(message, next);
  }

  /**
   * What became of a send whose answer was lost with an earlier connection: where the message is
   * stored, empty when it is not and will not be. Certain for a client with a {@link
   * ClientInstance} only.
   *
   * @param uniqueKey the message's property {@code UNIQ_KEY}
   */
  public CompletableFuture<Optional<SendReceipt>> sendOutcome(String topic, String uniqueKey) {
    return sender.outcome(topic, uniqueKey);
  }

  /** Makes ids for messages whose id is wanted before they are sent. */
  public UniqueKeys uniqueKeys() {
    return uniqueKeys;
  }

  /** Opens a session to consume with. */
  public CompletableFuture<ConsumerSession> openSession() {
    return openSession(0);
  }

  /**
   * The same, with consumers that are numbered from there on: a session that takes the place of one
   * of a lost connection so tells its deliveries from those of before.
   */
  public CompletableFuture<ConsumerSession> openSession(int lastConsumer) {
    return ConsumerSession.open(connection, requestTimeout, lastConsumer);
  }

  public Transactions transactions() {
    return transactions;
  }

  public Topics topics() {
    return topics;
  }

  public HalfMessages halfMessages() {
    return halfMessages;
  }

  public DelayedMessages delayedMessages() {
    return delayedMessages;
  }

  public Administration administration() {
    return administration;
  }

  /**
   * Ends the connection, and with it sessions and temporary topics; waiting futures fail. Waits
   * until that is done, unless called on the event loop. Needed also after the connection was lost,
   * for the client's thread.
   */
  @Override
  public void close() {
    closing = true;
    if (!connection.channel().eventLoop().inEventLoop()) {
      farewell.ifPresent(this::giveBackName);
    }
    connection.end(new ConnectionLostException("The client was closed", true));
    if (!connection.channel().eventLoop().inEventLoop()) {
      connection
          .channel()
          .closeFuture()
          .awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
    ownLoops.ifPresent(EventLoops::close);
  }

  private static Command farewell(String clientId) {
    return Command.request(
        RequestCode.HELLO, Fields.builder().put("clientId", clientId).put("leaving", true).build());
  }

  /** Whoever connects next may want the name, and the broker sees the end of a channel later. */
  private void giveBackName(Command request) {
    connection
        .request(
            request,
            RequestKind.CONTROL,
            Duration.ofSeconds(CLOSE_TIMEOUT_SECONDS),
            AnswerReader.DONE)
        .handle(
            (done, failure) -> {
              if (failure != null) {
                LOGGER.log(DEBUG, "The name is given back with the connection's end", failure);
              }
              return true;
            })
        .join();
  }

  private void ended(ClientException cause, ClientEvents events) {
    if (closing) {
      return;
    }
    try {
      events.connectionLost(cause);
    } catch (RuntimeException failure) {
      // The listener is not ours; the event loop is shared and goes on.
      LOGGER.log(ERROR, "A listener failed when told of a lost connection", failure);
    }
  }

  private void answerBroker(Command request) {
    switch (request.code()) {
      case RequestCode.CHECK_TRANSACTION_STATE -> checkBackGroups.check(request, halfMessages);
      default -> {
        if (!request.isOneway()) {
          connection.answer(
              Command.response(
                  request,
                  ResponseCode.REQUEST_CODE_NOT_SUPPORTED,
                  " request type " + request.code() + " not supported",
                  Fields.empty()));
        }
      }
    }
  }
}
