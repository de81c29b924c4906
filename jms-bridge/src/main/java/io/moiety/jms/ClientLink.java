package io.moiety.jms;

import io.moiety.client.AckSpan;
import io.moiety.client.Branch;
import io.moiety.client.BranchCounts;
import io.moiety.client.BranchState;
import io.moiety.client.BrowsePage;
import io.moiety.client.BrowseRequest;
import io.moiety.client.ConsumerSession;
import io.moiety.client.ConsumerSpec;
import io.moiety.client.Delivery;
import io.moiety.client.MoietyClient;
import io.moiety.client.NextBranch;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.SendReceipt;
import io.moiety.client.SessionConsumer;
import io.moiety.client.SubscriptionSpec;
import io.moiety.client.TopicCreation;
import io.moiety.client.TopicRoute;
import io.moiety.client.Transactions;
import io.moiety.client.Vote;
import io.moiety.protocol.BranchXid;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A {@link Link} over the client: one connection, whose loss is final. Adds nothing, so that there
 * is nothing in it to test without a broker.
 */
final class ClientLink implements Link {

  /** Records of one answer; a larger message still comes alone. */
  private static final int MAX_RECEIVE_BYTES = 1 << 20;

  private final MoietyClient client;
  private final Branches branches;

  private ClientLink(MoietyClient client) {
    this.client = client;
    this.branches = new ClientBranches(client, client.transactions());
  }

  static Source source(ConnectionSettings settings) {
    return (name, instance, events) ->
        MoietyClient.connect(settings.clientConfig(name, instance), events::lost)
            .thenApply(ClientLink::new);
  }

  @Override
  public boolean isOpen() {
    return client.isOpen();
  }

  @Override
  public String storeUuid() {
    return client.broker().storeUuid();
  }

  @Override
  public int maxMessageBytes() {
    return client.broker().maxMessageBytes();
  }

  @Override
  public CompletableFuture<SendReceipt> send(OutgoingMessage message) {
    return client.send(message);
  }

  @Override
  public CompletableFuture<Optional<SendReceipt>> sendOutcome(String topic, String uniqueKey) {
    return client.sendOutcome(topic, uniqueKey);
  }

  /** The loss of its connection ends the session with it, so nobody is told. */
  @Override
  public CompletableFuture<Session> openSession(int lastConsumer, Supplier<List<AckSpan>> lost) {
    return client.openSession(lastConsumer).thenApply(ClientSession::new);
  }

  @Override
  public Branches branches() {
    return branches;
  }

  @Override
  public CompletableFuture<TopicCreation> createTopic(
      String topic, int queues, DestinationKind kind) {
    return kind.isQueue()
        ? client.topics().createQueue(topic, queues, kind.isTemporary())
        : client.topics().create(topic, queues, kind.isTemporary());
  }

  @Override
  public CompletableFuture<Integer> queuesOf(String topic) {
    return client.topics().route(topic).thenApply(TopicRoute::writeQueues);
  }

  @Override
  public CompletableFuture<Void> deleteTopic(String topic) {
    return client.topics().delete(topic);
  }

  @Override
  public CompletableFuture<Void> subscribe(SubscriptionSpec spec) {
    return client.topics().subscribe(spec);
  }

  @Override
  public CompletableFuture<Void> unsubscribe(String group) {
    return client.topics().unsubscribe(group);
  }

  @Override
  public CompletableFuture<BrowsePage> browse(BrowseRequest request) {
    return client.topics().browse(request);
  }

  @Override
  public void close() {
    client.close();
  }

  private record ClientSession(ConsumerSession session) implements Session {

    @Override
    public Consumer openConsumer(ConsumerSpec spec) {
      return new ClientConsumer(session.openConsumer(spec));
    }

    @Override
    public CompletableFuture<Void> acknowledge(List<AckSpan> spans, Optional<Branch> branch) {
      return session.acknowledge(spans, branch);
    }

    @Override
    public CompletableFuture<Void> acknowledgeAppended(List<AckSpan> spans) {
      return session.acknowledgeAppended(spans);
    }

    @Override
    public CompletableFuture<Void> recover() {
      return session.recover();
    }

    @Override
    public CompletableFuture<Void> close() {
      return session.close();
    }
  }

  private record ClientConsumer(SessionConsumer consumer) implements Consumer {

    @Override
    public CompletableFuture<List<Delivery>> receive(int maxMessages, long waitMillis) {
      return consumer.receive(maxMessages, MAX_RECEIVE_BYTES, waitMillis, false);
    }

    @Override
    public void handedOver(Delivery delivery) {
      consumer.handedOver(List.of(delivery));
    }

    @Override
    public CompletableFuture<Void> release(List<Delivery> deliveries) {
      return consumer.release(deliveries);
    }

    @Override
    public CompletableFuture<Void> close() {
      return consumer.close();
    }
  }

  private record ClientBranches(MoietyClient client, Transactions transactions)
      implements Branches {

    @Override
    public CompletableFuture<Branch> start(BranchXid xid, int flags, Duration timeout) {
      return transactions.start(xid, flags, timeout);
    }

    @Override
    public CompletableFuture<Void> end(Branch branch, int flags) {
      return transactions.end(branch, flags);
    }

    @Override
    public CompletableFuture<Vote> prepare(
        BranchXid xid, Optional<Branch> known, BranchCounts counts) {
      return known.isPresent()
          ? transactions.prepare(known.get(), counts)
          : transactions.prepare(xid, counts);
    }

    @Override
    public CompletableFuture<Void> commit(BranchXid xid) {
      return transactions.commit(xid);
    }

    @Override
    public CompletableFuture<Void> commitOnePhase(BranchXid xid, BranchCounts counts) {
      return transactions.commitOnePhase(xid, counts);
    }

    @Override
    public CompletableFuture<Optional<Branch>> sendAndCommit(
        OutgoingMessage message, Optional<NextBranch> next) {
      return client.sendAndCommit(message, next);
    }

    @Override
    public CompletableFuture<Optional<Branch>> endAndCommit(
        Branch branch, BranchCounts counts, Optional<NextBranch> next) {
      return transactions.endAndCommit(branch, counts, next);
    }

    @Override
    public CompletableFuture<Void> rollback(BranchXid xid) {
      return transactions.rollback(xid);
    }

    @Override
    public CompletableFuture<Void> forget(BranchXid xid) {
      return transactions.forget(xid);
    }

    @Override
    public CompletableFuture<BranchState> outcome(BranchXid xid) {
      return transactions.outcome(xid);
    }

    @Override
    public CompletableFuture<List<BranchXid>> recover() {
      return transactions.recover();
    }
  }
}
