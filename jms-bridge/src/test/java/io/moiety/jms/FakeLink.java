package io.moiety.jms;

import io.moiety.client.AckSpan;
import io.moiety.client.Branch;
import io.moiety.client.BranchCounts;
import io.moiety.client.BranchState;
import io.moiety.client.BrowsePage;
import io.moiety.client.BrowseRequest;
import io.moiety.client.ConnectionLostException;
import io.moiety.client.ConsumerSpec;
import io.moiety.client.Delivery;
import io.moiety.client.NextBranch;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.SendReceipt;
import io.moiety.client.SendStatus;
import io.moiety.client.SubscriptionSpec;
import io.moiety.client.TopicCreation;
import io.moiety.client.Vote;
import io.moiety.protocol.BranchXid;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A link that notes every request by name and answers it with success, unless the test says
 * otherwise. Receives wait until the test answers them.
 */
final class FakeLink implements Link, Link.Branches {

  final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  final List<OutgoingMessage> sent = Collections.synchronizedList(new ArrayList<>());
  final List<FakeConsumer> consumers = Collections.synchronizedList(new ArrayList<>());
  final Map<String, RuntimeException> failures = new HashMap<>();

  /** Of the branches' ends. */
  final List<Integer> endFlags = Collections.synchronizedList(new ArrayList<>());

  /** What was acknowledged without a branch, and not refused. */
  final List<AckSpan> acknowledged = Collections.synchronizedList(new ArrayList<>());

  private final Map<String, RuntimeException> refusedOnce = new HashMap<>();

  BranchState outcome = BranchState.UNKNOWN;

  /** Told before that, one after the other. */
  final Queue<BranchState> outcomes = new ArrayDeque<>();

  final Set<String> stored = new HashSet<>();

  /** So many questions about sends are answered before the connection is lost. */
  int answersAboutSends = Integer.MAX_VALUE;

  volatile boolean open = true;

  /** Its close ends with an error. */
  volatile boolean failsToClose;

  boolean resumes;
  int connectionNumber;

  /** The connection is lost when a commit comes. */
  boolean lostAtCommit;

  /** A commit starts what it is asked to. */
  boolean startsNext = true;

  /** The connection is lost when its session is closed. */
  boolean lostAtClose;

  /** Sends wait until the test answers them. */
  boolean holdsSends;

  final List<CompletableFuture<SendReceipt>> held = new ArrayList<>();

  /** What acknowledgements wait for, unless the test leaves it completed. */
  CompletableFuture<Void> acknowledgementsAnswered = CompletableFuture.completedFuture(null);

  /** Consumers were closed meanwhile. */
  boolean refusesReceives;

  /** What was delivered went back. */
  boolean gaveBack;

  private <T> CompletableFuture<T> answer(String request, T value) {
    requests.add(request);
    RuntimeException once = refusedOnce.remove(request);
    RuntimeException failure = once == null ? failures.get(request) : once;
    return failure == null
        ? CompletableFuture.completedFuture(value)
        : CompletableFuture.failedFuture(failure);
  }

  /** Fails the next request of this name, and answers those behind it. */
  void refuseNext(String request, RuntimeException refusal) {
    failures.remove(request);
    refusedOnce.put(request, refusal);
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public String storeUuid() {
    return "store";
  }

  @Override
  public boolean resumes() {
    return resumes;
  }

  @Override
  public int connectionNumber() {
    return connectionNumber;
  }

  @Override
  public int maxMessageBytes() {
    return 1_000_000;
  }

  @Override
  public CompletableFuture<SendReceipt> send(OutgoingMessage message) {
    sent.add(message);
    if (holdsSends) {
      requests.add("send");
      CompletableFuture<SendReceipt> answer = new CompletableFuture<>();
      held.add(answer);
      return answer;
    }
    return answer("send", new SendReceipt(SendStatus.OK, "id", 0, 0, "key"));
  }

  @Override
  public CompletableFuture<Optional<SendReceipt>> sendOutcome(String topic, String uniqueKey) {
    if (answersAboutSends == 0) {
      return CompletableFuture.failedFuture(new ConnectionLostException("lost", true));
    }
    answersAboutSends--;
    return answer(
        "sendOutcome",
        stored.contains(uniqueKey)
            ? Optional.of(new SendReceipt(SendStatus.OK, "id", 0, 0, uniqueKey))
            : Optional.empty());
  }

  @Override
  public CompletableFuture<Session> openSession(int lastConsumer, Supplier<List<AckSpan>> lost) {
    return answer("openSession", new FakeSession());
  }

  @Override
  public Branches branches() {
    return this;
  }

  @Override
  public CompletableFuture<TopicCreation> createTopic(
      String topic, int queues, DestinationKind kind) {
    return answer("createTopic", new TopicCreation(1, true));
  }

  @Override
  public CompletableFuture<Integer> queuesOf(String topic) {
    return answer("queuesOf", 1);
  }

  @Override
  public CompletableFuture<Void> deleteTopic(String topic) {
    return answer("deleteTopic", null);
  }

  @Override
  public CompletableFuture<Void> subscribe(SubscriptionSpec spec) {
    return answer("subscribe", null);
  }

  @Override
  public CompletableFuture<Void> unsubscribe(String group) {
    return answer("unsubscribe", null);
  }

  @Override
  public CompletableFuture<BrowsePage> browse(BrowseRequest request) {
    return answer("browse", new BrowsePage(List.of(), 0, true));
  }

  @Override
  public void close() {
    if (failsToClose) {
      throw new NoClassDefFoundError("gone");
    }
    requests.add("close");
    open = false;
  }

  @Override
  public CompletableFuture<Branch> start(BranchXid xid, int flags, Duration timeout) {
    return answer("start", new Branch(xid, 7));
  }

  @Override
  public CompletableFuture<Void> end(Branch branch, int flags) {
    endFlags.add(flags);
    return answer("end", null);
  }

  @Override
  public CompletableFuture<Vote> prepare(
      BranchXid xid, Optional<Branch> known, BranchCounts counts) {
    return answer("prepare", Vote.OK);
  }

  @Override
  public CompletableFuture<Void> commit(BranchXid xid) {
    return answer("commit", null);
  }

  @Override
  public CompletableFuture<Void> commitOnePhase(BranchXid xid, BranchCounts counts) {
    connectionNumber += lostAtCommit ? 1 : 0;
    return answer("commitOnePhase", null);
  }

  @Override
  public CompletableFuture<Optional<Branch>> sendAndCommit(
      OutgoingMessage message, Optional<NextBranch> next) {
    sent.add(message);
    connectionNumber += lostAtCommit ? 1 : 0;
    return answer("sendAndCommit", next.map(asked -> new Branch(asked.xid(), 7)));
  }

  @Override
  public CompletableFuture<Optional<Branch>> endAndCommit(
      Branch branch, BranchCounts counts, Optional<NextBranch> next) {
    connectionNumber += lostAtCommit ? 1 : 0;
    return answer(
        next.isPresent() ? "commitAndStart" : "endAndCommit",
        next.filter(asked -> startsNext).map(asked -> new Branch(asked.xid(), 7)));
  }

  @Override
  public CompletableFuture<Void> rollback(BranchXid xid) {
    return answer("rollback", null);
  }

  @Override
  public CompletableFuture<Void> forget(BranchXid xid) {
    return answer("forget", null);
  }

  @Override
  public CompletableFuture<BranchState> outcome(BranchXid xid) {
    BranchState next = outcomes.poll();
    return answer("outcome", next == null ? outcome : next);
  }

  @Override
  public CompletableFuture<List<BranchXid>> recover() {
    return answer("recover", List.of());
  }

  /** Of which a test has one. */
  final class FakeSession implements Link.Session {

    @Override
    public FakeConsumer openConsumer(ConsumerSpec spec) {
      FakeConsumer consumer = new FakeConsumer();
      consumers.add(consumer);
      return consumer;
    }

    @Override
    public CompletableFuture<Void> acknowledge(List<AckSpan> spans, Optional<Branch> branch) {
      CompletableFuture<Void> answer =
          answer(branch.isPresent() ? "acknowledgeInBranch" : "acknowledge", null);
      if (branch.isEmpty() && !answer.isCompletedExceptionally()) {
        acknowledged.addAll(spans);
      }
      return answer;
    }

    @Override
    public CompletableFuture<Void> acknowledgeAppended(List<AckSpan> spans) {
      CompletableFuture<Void> answer = acknowledge(spans, Optional.empty());
      return acknowledgementsAnswered.thenCompose(answered -> answer);
    }

    @Override
    public boolean stillHas(int consumer) {
      return !gaveBack;
    }

    @Override
    public CompletableFuture<Void> recover() {
      return answer("recoverSession", null);
    }

    @Override
    public CompletableFuture<Void> close() {
      open &= !lostAtClose;
      return answer("closeSession", null);
    }
  }

  /** Its receives are answered by the test. */
  final class FakeConsumer implements Link.Consumer {

    volatile CompletableFuture<List<Delivery>> receiving = new CompletableFuture<>();
    List<Delivery> answeredAtOnce;
    final List<Long> waitMillis = Collections.synchronizedList(new ArrayList<>());
    final List<Integer> maxMessages = Collections.synchronizedList(new ArrayList<>());
    final List<Delivery> released = Collections.synchronizedList(new ArrayList<>());

    @Override
    public CompletableFuture<List<Delivery>> receive(int most, long wait) {
      if (refusesReceives) {
        throw new IllegalStateException("closed");
      }
      maxMessages.add(most);
      waitMillis.add(wait);
      requests.add("receive");
      receiving = new CompletableFuture<>();
      if (answeredAtOnce != null) {
        receiving.complete(answeredAtOnce);
        answeredAtOnce = null;
      }
      return receiving;
    }

    @Override
    public void handedOver(Delivery delivery) {
      requests.add("handedOver " + delivery.queueOffset());
    }

    @Override
    public CompletableFuture<Void> release(List<Delivery> deliveries) {
      released.addAll(deliveries);
      return answer("release", null);
    }

    @Override
    public CompletableFuture<Void> close() {
      return answer("closeConsumer", null);
    }
  }
}
