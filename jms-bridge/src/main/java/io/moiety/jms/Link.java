package io.moiety.jms;

import io.moiety.client.AckSpan;
import io.moiety.client.Branch;
import io.moiety.client.BranchCounts;
import io.moiety.client.BranchState;
import io.moiety.client.BrowsePage;
import io.moiety.client.BrowseRequest;
import io.moiety.client.ClientInstance;
import io.moiety.client.ConsumerSpec;
import io.moiety.client.Delivery;
import io.moiety.client.NextBranch;
import io.moiety.client.OutgoingMessage;
import io.moiety.client.SendReceipt;
import io.moiety.client.SubscriptionSpec;
import io.moiety.client.TopicCreation;
import io.moiety.client.Transactions;
import io.moiety.client.Vote;
import io.moiety.protocol.BranchXid;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The way to a broker, as the objects of Jakarta Messaging see it. It is what they are tested
 * against; {@link ClientLink} is one connection, whose loss is final, and {@link ResumingLink} one
 * that is made again.
 *
 * <p>Nothing blocks but {@link #close}. Futures complete on a thread of the network, which must not
 * be blocked, and fail after a bounded time at the latest. Thread-safe.
 */
interface Link {

  /** Called on a thread of the network. */
  interface Events {

    /** The connection is lost for good; not when it is closed. */
    void lost(Throwable cause);
  }

  /** Opens links, for connections and for questions that outlive them. */
  interface Source {

    /**
     * Connects to the first address that answers.
     *
     * @param name what the broker calls the connection, unique among those that are open
     * @param instance who connects again and again
     */
    CompletableFuture<Link> open(String name, Optional<ClientInstance> instance, Events events);
  }

  /** False from the moment that nothing can be done over it any more. */
  boolean isOpen();

  /** Names the resource manager at the other end. */
  String storeUuid();

  /** The largest body that the broker stores. */
  int maxMessageBytes();

  /** True when a lost connection is made again. */
  default boolean resumes() {
    return false;
  }

  /** Rises with each loss: what was begun at another number is lost with its connection. */
  default int connectionNumber() {
    return 0;
  }

  /** Whoever closes it soon wants no lost connection to be waited for any longer. */
  default void closing() {}

  CompletableFuture<SendReceipt> send(OutgoingMessage message);

  /**
   * Where a message of which a send was not answered is stored; empty when it is not and will not
   * be. For links whose instance was greeted.
   */
  CompletableFuture<Optional<SendReceipt>> sendOutcome(String topic, String uniqueKey);

  /**
   * Opens a session.
   *
   * @param lastConsumer its consumers are numbered from there on
   * @param lost called when what it was delivered went back to the broker with a lost connection,
   *     and the session goes on; returns what the application has seen of it
   */
  CompletableFuture<Session> openSession(int lastConsumer, Supplier<List<AckSpan>> lost);

  Branches branches();

  CompletableFuture<TopicCreation> createTopic(String topic, int queues, DestinationKind kind);

  /** How many queues of a topic can be written; fails when there is no such topic. */
  CompletableFuture<Integer> queuesOf(String topic);

  CompletableFuture<Void> deleteTopic(String topic);

  CompletableFuture<Void> subscribe(SubscriptionSpec spec);

  CompletableFuture<Void> unsubscribe(String group);

  CompletableFuture<BrowsePage> browse(BrowseRequest request);

  void close();

  /** What consumers of it receive is its own until acknowledged. */
  interface Session {

    /** The broker learns of it with its first receive. */
    Consumer openConsumer(ConsumerSpec spec);

    CompletableFuture<Void> acknowledge(List<AckSpan> spans, Optional<Branch> branch);

    /** Without a wait for the broker's disk: kept over the end of its process. */
    CompletableFuture<Void> acknowledgeAppended(List<AckSpan> spans);

    /** False when what this consumer of it was delivered went back with a lost connection. */
    default boolean stillHas(int consumer) {
      return true;
    }

    /**
     * Gives back what is neither acknowledged nor in a branch: it is received again next, in order.
     */
    CompletableFuture<Void> recover();

    CompletableFuture<Void> close();
  }

  /** Has at most one receive outstanding. */
  interface Consumer {

    /**
     * Fetches messages ahead; they do not count as delivered until {@link #handedOver}.
     *
     * @param waitMillis how long the broker may hold the request; 0 asks for a definite answer
     */
    CompletableFuture<List<Delivery>> receive(int maxMessages, long waitMillis);

    void handedOver(Delivery delivery);

    /** Gives back what was not handed over, uncounted and all at once. */
    CompletableFuture<Void> release(List<Delivery> deliveries);

    /** Ends a waiting receive with an empty answer and gives back what was not handed over. */
    CompletableFuture<Void> close();
  }

  /** The steps of transaction branches, as {@link Transactions} describes them. */
  interface Branches {

    CompletableFuture<Branch> start(BranchXid xid, int flags, Duration timeout);

    CompletableFuture<Void> end(Branch branch, int flags);

    CompletableFuture<Vote> prepare(BranchXid xid, Optional<Branch> known, BranchCounts counts);

    CompletableFuture<Void> commit(BranchXid xid);

    CompletableFuture<Void> commitOnePhase(BranchXid xid, BranchCounts counts);

    CompletableFuture<Optional<Branch>> sendAndCommit(
        OutgoingMessage message, Optional<NextBranch> next);

    CompletableFuture<Optional<Branch>> endAndCommit(
        Branch branch, BranchCounts counts, Optional<NextBranch> next);

    CompletableFuture<Void> rollback(BranchXid xid);

    CompletableFuture<Void> forget(BranchXid xid);

    CompletableFuture<BranchState> outcome(BranchXid xid);

    CompletableFuture<List<BranchXid>> recover();
  }
}
