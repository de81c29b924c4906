package io.moiety.jms;

import io.moiety.client.AckSpan;
import io.moiety.client.Branch;
import io.moiety.client.BranchCounts;
import io.moiety.client.BranchState;
import io.moiety.client.BrokerException;
import io.moiety.client.BrowsePage;
import io.moiety.client.BrowseRequest;
import io.moiety.client.ConnectionLostException;
import io.moiety.client.NextBranch;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.RequestTimeoutException;
import io.moiety.client.SendReceipt;
import io.moiety.client.SubscriptionSpec;
import io.moiety.client.TopicCreation;
import io.moiety.client.Vote;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.ResponseCode;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A link that outlives its connections. {@link LinkKeeper} makes the next one; here is what becomes
 * of the rest: what the broker cannot have seen is asked on the next connection, and so is what can
 * be asked twice; sends are decided by {@link SendsInFlight}; sessions and consumers are opened
 * again, and {@link Belongings} made again, before anything else uses the next connection. All else
 * that was under way fails.
 *
 * <p>Thread-safe.
 */
final class ResumingLink implements Link, LinkKeeper.Work {

  private final LinkKeeper keeper;
  private final Duration requestTimeout;
  private final SendsInFlight sends;
  private final Belongings belongings = new Belongings();
  private final Set<ResumingSession> sessions = ConcurrentHashMap.newKeySet();
  private final Branches branches = new ResumingBranches();

  private ResumingLink(Source source, String name, ConnectionSettings settings, Events events) {
    requestTimeout = settings.requestTimeout();
    sends = new SendsInFlight(requestTimeout.toMillis(), this::suspect);
    keeper = new LinkKeeper(source, name, settings.reconnectTimeout(), events, this);
  }

  /**
   * Connects for the first time.
   *
   * @param name what the broker calls the connections
   */
  static CompletableFuture<Link> open(
      Source source, String name, ConnectionSettings settings, Events events) {
    ResumingLink link = new ResumingLink(source, name, settings, events);
    return link.keeper.open().thenApply(done -> link);
  }

  @Override
  public boolean isOpen() {
    return keeper.isOpen();
  }

  @Override
  public String storeUuid() {
    return keeper.last().storeUuid();
  }

  @Override
  public int maxMessageBytes() {
    return keeper.last().maxMessageBytes();
  }

  @Override
  public boolean resumes() {
    return true;
  }

  @Override
  public int connectionNumber() {
    return keeper.connectionNumber();
  }

  @Override
  public void closing() {
    keeper.closing();
  }

  @Override
  public void close() {
    keeper.close();
  }

  /** What is part of a branch is lost with the connection, whether it was sent or not. */
  @Override
  public CompletableFuture<SendReceipt> send(OutgoingMessage message) {
    return message.branch().isPresent()
        ? lostAsSuch(keeper.last().send(message))
        : sends.send(message);
  }

  private static <T> CompletableFuture<T> lostAsSuch(CompletableFuture<T> answer) {
    return answer.exceptionallyCompose(failure -> CompletableFuture.failedFuture(lost(failure)));
  }

  private static Throwable lost(Throwable failure) {
    return JmsExceptions.unwrap(failure) instanceof ConnectionLostException lost
        ? new LinkLostException(
            "the connection was lost; what was asked "
                + (lost.requestWritten() ? "may have happened" : "has not happened"),
            lost)
        : failure;
  }

  /** Can be asked twice: what was lost is asked on the next connection. */
  private <T> CompletableFuture<T> repeated(Function<Link, CompletableFuture<T>> request) {
    return ask(request, true);
  }

  /** Is asked on the next connection when the broker cannot have seen it. */
  private <T> CompletableFuture<T> once(Function<Link, CompletableFuture<T>> request) {
    return ask(request, false);
  }

  /** The same for what decides a branch: what became of it is not asked where no answer came. */
  private <T> CompletableFuture<T> decisive(Function<Link, CompletableFuture<T>> request) {
    return once(
        link ->
            request.apply(link).whenComplete((done, failure) -> suspectIfSilent(link, failure)));
  }

  private void suspectIfSilent(Link link, @Nullable Throwable failure) {
    if (failure != null
        && JmsExceptions.unwrap(failure) instanceof RequestTimeoutException silent) {
      suspect(link, silent);
    }
  }

  private void suspect(Link link, Throwable cause) {
    keeper.suspect(link, cause);
  }

  private <T> CompletableFuture<T> ask(
      Function<Link, CompletableFuture<T>> request, boolean repeatable) {
    CompletableFuture<T> result = new CompletableFuture<>();
    ask(request, repeatable, System.nanoTime() + requestTimeout.toNanos(), result);
    return result;
  }

  private <T> void ask(
      Function<Link, CompletableFuture<T>> request,
      boolean repeatable,
      long untilNanos,
      CompletableFuture<T> result) {
    long leftMillis = TimeUnit.NANOSECONDS.toMillis(untilNanos - System.nanoTime());
    keeper
        .link(Math.max(1, leftMillis))
        .whenComplete(
            (link, none) -> {
              if (none != null) {
                result.completeExceptionally(JmsExceptions.unwrap(none));
                return;
              }
              request
                  .apply(link)
                  .whenComplete(
                      (answer, failure) -> {
                        if (failure == null) {
                          result.complete(answer);
                        } else if (mayAskAgain(link, failure, repeatable, untilNanos)) {
                          ask(request, repeatable, untilNanos, result);
                        } else {
                          result.completeExceptionally(lost(failure));
                        }
                      });
            });
  }

  private static boolean mayAskAgain(
      Link link, Throwable failure, boolean repeatable, long untilNanos) {
    return JmsExceptions.unwrap(failure) instanceof ConnectionLostException lost
        && !link.isOpen()
        && (repeatable || !lost.requestWritten())
        && System.nanoTime() - untilNanos < 0;
  }

  @Override
  public CompletableFuture<Optional<SendReceipt>> sendOutcome(String topic, String uniqueKey) {
    return repeated(link -> link.sendOutcome(topic, uniqueKey));
  }

  @Override
  public CompletableFuture<Session> openSession(int lastConsumer, Supplier<List<AckSpan>> lost) {
    ResumingSession session =
        new ResumingSession(requestTimeout.toMillis(), lost, sessions::remove);
    return repeated(
        link ->
            link.openSession(lastConsumer, List::of).thenCompose(at -> begin(session, link, at)));
  }

  /** A session that was opened over a link which is lost by now is opened over the next. */
  private CompletableFuture<Session> begin(ResumingSession session, Link over, Session opened) {
    synchronized (keeper) {
      if (keeper.isCurrent(over)) {
        session.begin(opened);
        sessions.add(session);
        return CompletableFuture.completedFuture(session);
      }
    }
    return CompletableFuture.failedFuture(
        new ConnectionLostException("The connection was lost as the session was opened", true));
  }

  @Override
  public Branches branches() {
    return branches;
  }

  @Override
  public CompletableFuture<TopicCreation> createTopic(
      String topic, int queues, DestinationKind kind) {
    return repeated(link -> link.createTopic(topic, queues, kind))
        .thenApply(
            created -> {
              if (kind.isTemporary()) {
                belongings.made(new Belongings.Temporary(topic, queues, kind));
              }
              return created;
            });
  }

  @Override
  public CompletableFuture<Integer> queuesOf(String topic) {
    return repeated(link -> link.queuesOf(topic));
  }

  @Override
  public CompletableFuture<Void> deleteTopic(String topic) {
    belongings.deleted(topic);
    return once(link -> link.deleteTopic(topic));
  }

  @Override
  public CompletableFuture<Void> subscribe(SubscriptionSpec spec) {
    return repeated(link -> link.subscribe(spec))
        .thenApply(
            done -> {
              belongings.subscribed(spec);
              return null;
            });
  }

  @Override
  public CompletableFuture<Void> unsubscribe(String group) {
    belongings.unsubscribed(group);
    return once(link -> link.unsubscribe(group));
  }

  @Override
  public CompletableFuture<BrowsePage> browse(BrowseRequest request) {
    return repeated(link -> link.browse(request));
  }

  @Override
  public void lost() {
    sends.lost();
    sessions.forEach(ResumingSession::lost);
  }

  /** In an order that nothing can be received before its place is there. */
  @Override
  public void resume(Link link, boolean sameStore) throws ExecutionException {
    Set<String> temporaryTopics = new HashSet<>();
    for (Belongings.Temporary temporary : belongings.temporaries()) {
      Await.outcome(link.createTopic(temporary.topic(), temporary.queues(), temporary.kind()));
      temporaryTopics.add(temporary.topic());
    }
    Map<String, Throwable> refused = subscribe(link);
    for (ResumingSession session : sessions) {
      session.forgetSeen(topic -> !sameStore || temporaryTopics.contains(topic));
      session.resume(link, refused);
    }
    sends.decide(link, sameStore);
  }

  /** Why groups cannot be received from any more: somebody else may have taken them meanwhile. */
  private Map<String, Throwable> subscribe(Link link) throws ExecutionException {
    Set<String> groups = new HashSet<>();
    sessions.forEach(session -> groups.addAll(session.groups()));
    Map<String, Throwable> refused = new HashMap<>();
    for (SubscriptionSpec spec : belongings.subscriptions(groups)) {
      try {
        Await.outcome(link.subscribe(spec));
      } catch (ExecutionException failure) {
        if (!(JmsExceptions.unwrap(failure) instanceof BrokerException why)
            || !isDefinite(why.code())) {
          throw failure;
        }
        refused.put(spec.group(), why);
      }
    }
    return refused;
  }

  /** Any other refusal of a subscription is one of the moment, and the next attempt asks again. */
  private static boolean isDefinite(int code) {
    return switch (code) {
      case ResponseCode.ILLEGAL_OPERATION,
          ResponseCode.NO_PERMISSION,
          ResponseCode.SUBSCRIPTION_PARSE_FAILED,
          ResponseCode.INVALID_PARAMETER,
          ResponseCode.TOPIC_NOT_EXIST ->
          true;
      default -> false;
    };
  }

  @Override
  public void published(Link link) {
    sends.resume(link);
    sessions.forEach(ResumingSession::takeUp);
  }

  @Override
  public void goOn() {
    sessions.forEach(ResumingSession::goOn);
  }

  @Override
  public void ended(Throwable cause) {
    sends.fail(cause);
    sessions.forEach(session -> session.fail(cause));
  }

  /** Over the connection that is there; the broker knows which one a branch began by. */
  private final class ResumingBranches implements Branches {

    @Override
    public CompletableFuture<Branch> start(BranchXid xid, int flags, Duration timeout) {
      return once(link -> link.branches().start(xid, flags, timeout));
    }

    @Override
    public CompletableFuture<Void> end(Branch branch, int flags) {
      return once(link -> link.branches().end(branch, flags));
    }

    @Override
    public CompletableFuture<Vote> prepare(
        BranchXid xid, Optional<Branch> known, BranchCounts counts) {
      return once(link -> link.branches().prepare(xid, known, counts));
    }

    @Override
    public CompletableFuture<Void> commit(BranchXid xid) {
      return decisive(link -> link.branches().commit(xid));
    }

    @Override
    public CompletableFuture<Void> commitOnePhase(BranchXid xid, BranchCounts counts) {
      return decisive(link -> link.branches().commitOnePhase(xid, counts));
    }

    @Override
    public CompletableFuture<Optional<Branch>> sendAndCommit(
        OutgoingMessage message, Optional<NextBranch> next) {
      return decisive(link -> link.branches().sendAndCommit(message, next));
    }

    @Override
    public CompletableFuture<Optional<Branch>> endAndCommit(
        Branch branch, BranchCounts counts, Optional<NextBranch> next) {
      return decisive(link -> link.branches().endAndCommit(branch, counts, next));
    }

    @Override
    public CompletableFuture<Void> rollback(BranchXid xid) {
      return decisive(link -> link.branches().rollback(xid));
    }

    @Override
    public CompletableFuture<Void> forget(BranchXid xid) {
      return once(link -> link.branches().forget(xid));
    }

    @Override
    public CompletableFuture<BranchState> outcome(BranchXid xid) {
      return repeated(link -> link.branches().outcome(xid));
    }

    @Override
    public CompletableFuture<List<BranchXid>> recover() {
      return repeated(link -> link.branches().recover());
    }
  }
}
