package io.moiety.jms;

import io.moiety.client.AckSpan;
import io.moiety.client.Branch;
import io.moiety.client.ConnectionLostException;
import io.moiety.client.ConsumerSpec;
import io.moiety.client.Delivery;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A session that is opened again after a loss. What it was delivered went back to the broker with
 * the lost connection; consumers are numbered on over all connections, so that the number of a
 * delivery's consumer says by which of them it came.
 *
 * <p>Its monitor guards it and its consumers; it is held for moments, and while it is held nothing
 * but requests is begun.
 */
final class ResumingSession implements Link.Session {

  private final long requestTimeoutMillis;
  private final Supplier<List<AckSpan>> lost;
  private final Consumer<ResumingSession> onClose;
  private final Set<ResumingConsumer> consumers = new LinkedHashSet<>();
  private final Set<List<AckSpan>> acknowledging = new HashSet<>();

  /**
   * By their numbers, of the consumers of this connection, of the one before, and of those by which
   * there is something unacknowledged.
   */
  private final Map<Integer, ConsumerSpec> specs = new HashMap<>();

  private final SeenDeliveries seen = new SeenDeliveries();
  private Link.@Nullable Session remote;

  /** Of a connection that is being made, and may be lost before anybody uses it. */
  private Link.@Nullable Session next;

  private boolean closed;

  /** Why no connection comes any more. */
  private @Nullable Throwable failure;

  private int lastConsumer;

  /** The first consumer of the current connection, or of the next while there is none. */
  private int firstConsumer = 1;

  /** Deliveries of a known group. */
  private record Span(String group, AckSpan span) {
    boolean has(String ofGroup, int queueId, long queueOffset) {
      return group.equals(ofGroup)
          && span.queueId() == queueId
          && span.firstOffset() <= queueOffset
          && queueOffset <= span.lastOffset();
    }
  }

  ResumingSession(
      long requestTimeoutMillis, Supplier<List<AckSpan>> lost, Consumer<ResumingSession> onClose) {
    this.requestTimeoutMillis = requestTimeoutMillis;
    this.lost = lost;
    this.onClose = onClose;
  }

  long requestTimeoutMillis() {
    return requestTimeoutMillis;
  }

  @Override
  public synchronized Link.Consumer openConsumer(ConsumerSpec spec) {
    ResumingConsumer consumer = new ResumingConsumer(this, spec);
    consumers.add(consumer);
    Link.Session open = remote;
    if (failure != null) {
      consumer.fail(failure);
    } else if (open != null) {
      open(open, consumer);
    }
    return consumer;
  }

  /** With the monitor. */
  private void open(Link.Session at, ResumingConsumer consumer) {
    lastConsumer++;
    specs.put(lastConsumer, consumer.spec());
    consumer.resume(at.openConsumer(consumer.spec()), lastConsumer);
  }

  /** With the monitor. */
  void forget(ResumingConsumer consumer) {
    consumers.remove(consumer);
  }

  /** Of a branch all or nothing; else what is still leased, and fails if some more comes again. */
  @Override
  public CompletableFuture<Void> acknowledge(List<AckSpan> spans, Optional<Branch> branch) {
    return acknowledge(
        spans, branch.isPresent(), (open, leased) -> open.acknowledge(leased, branch));
  }

  @Override
  public CompletableFuture<Void> acknowledgeAppended(List<AckSpan> spans) {
    return acknowledge(spans, false, Link.Session::acknowledgeAppended);
  }

  private CompletableFuture<Void> acknowledge(
      List<AckSpan> spans,
      boolean allOrNothing,
      BiFunction<Link.Session, List<AckSpan>, CompletableFuture<Void>> request) {
    List<AckSpan> leased;
    boolean someComeAgain;
    Link.Session open;
    synchronized (this) {
      leased = spans.stream().filter(span -> stillHas(span.consumer())).toList();
      List<AckSpan> comeAgain = spans.stream().filter(span -> comesAgain(span, leased)).toList();
      // The loss may not have met them, on their way from what is seen to here.
      saw(comeAgain);
      someComeAgain = !comeAgain.isEmpty();
      open = remote;
      if (open == null || leased.isEmpty() || (allOrNothing && leased.size() < spans.size())) {
        return CompletableFuture.failedFuture(LinkLostException.givenBack());
      }
      acknowledging.add(leased);
    }
    return request
        .apply(open, leased)
        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(lostInDoubt(failure)))
        .whenComplete(
            (done, failure) -> {
              if (!(JmsExceptions.unwrap(failure) instanceof LinkLostException)) {
                acknowledged(leased);
              }
            })
        .thenCompose(
            done ->
                someComeAgain
                    ? CompletableFuture.failedFuture(LinkLostException.partlyGivenBack())
                    : CompletableFuture.completedFuture(null));
  }

  /** True for what went back with a lost connection and has not all been received again since. */
  private boolean comesAgain(AckSpan span, List<AckSpan> leased) {
    if (stillHas(span.consumer())) {
      return false;
    }
    List<Span> again = leased.stream().flatMap(one -> known(one).stream()).toList();
    return known(span)
        .map(
            lost ->
                LongStream.rangeClosed(span.firstOffset(), span.lastOffset())
                    .anyMatch(
                        offset ->
                            again.stream()
                                .noneMatch(one -> one.has(lost.group(), span.queueId(), offset))))
        .orElse(true);
  }

  private Optional<Span> known(AckSpan span) {
    return Optional.ofNullable(specs.get(span.consumer()))
        .map(spec -> new Span(spec.group(), span));
  }

  private synchronized void acknowledged(List<AckSpan> spans) {
    acknowledging.remove(spans);
  }

  private static Throwable lostInDoubt(Throwable failure) {
    return JmsExceptions.unwrap(failure) instanceof ConnectionLostException lost
        ? new LinkLostException(
            "the connection was lost before the broker answered; what it did not take comes again",
            lost)
        : failure;
  }

  @Override
  public synchronized boolean stillHas(int consumer) {
    return consumer >= firstConsumer;
  }

  @Override
  public CompletableFuture<Void> recover() {
    Link.Session open;
    synchronized (this) {
      open = remote;
    }
    return open == null ? CompletableFuture.completedFuture(null) : doneOrLost(open.recover());
  }

  @Override
  public CompletableFuture<Void> close() {
    onClose.accept(this);
    Link.Session open;
    synchronized (this) {
      closed = true;
      open = remote == null ? next : remote;
    }
    return open == null ? CompletableFuture.completedFuture(null) : doneOrLost(open.close());
  }

  /** For requests to give something back: a loss does that too. */
  static CompletableFuture<Void> doneOrLost(CompletableFuture<Void> givenBack) {
    return givenBack.exceptionallyCompose(
        failure ->
            JmsExceptions.unwrap(failure) instanceof ConnectionLostException
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(failure));
  }

  /** On a thread of the network: everything delivered is the broker's again. */
  void lost() {
    int former;
    synchronized (this) {
      if (remote == null) {
        return;
      }
      former = firstConsumer;
      remote = null;
      firstConsumer = lastConsumer + 1;
      consumers.forEach(ResumingConsumer::lost);
      acknowledging.forEach(this::saw);
      acknowledging.clear();
    }
    List<AckSpan> unacknowledged = lost.get();
    synchronized (this) {
      saw(unacknowledged);
      Set<Integer> needed = new HashSet<>();
      unacknowledged.forEach(span -> needed.add(span.consumer()));
      specs.keySet().removeIf(number -> number < former && !needed.contains(number));
    }
  }

  private void saw(Collection<AckSpan> spans) {
    for (AckSpan span : spans) {
      ConsumerSpec spec = specs.get(span.consumer());
      if (spec != null) {
        seen.add(spec, span);
      }
    }
  }

  /**
   * With the monitor: the application sees it from now on.
   *
   * @param isLost whether it went back with a lost connection since it was received
   */
  void handedOver(ConsumerSpec spec, Delivery delivery, boolean isLost) {
    if (isLost) {
      specs.put(delivery.consumer(), spec);
      seen.add(spec, AckSpan.of(delivery));
    } else {
      seen.remove(spec, delivery);
    }
  }

  /** What it has seen of these topics does not come again, since they begin anew. */
  synchronized void forgetSeen(Predicate<String> topics) {
    seen.forget(topics);
  }

  /**
   * The broker may not have heard that a message was handed over when its connection was lost, so
   * that it counts one less than the application does.
   */
  synchronized List<Delivery> withKnownRedeliveries(ConsumerSpec spec, List<Delivery> received) {
    return received.stream().map(delivery -> counted(spec, delivery)).toList();
  }

  private Delivery counted(ConsumerSpec spec, Delivery delivery) {
    return delivery.deliveryCount() == 1 && seen.has(spec, delivery)
        ? new Delivery(
            delivery.consumer(), delivery.queueId(), delivery.queueOffset(), 2, delivery.record())
        : delivery;
  }

  /** The groups that its consumers receive from. */
  synchronized Set<String> groups() {
    Set<String> groups = new HashSet<>();
    consumers.forEach(consumer -> groups.add(consumer.spec().group()));
    return groups;
  }

  /** Opens it over the next link, to be {@linkplain #takeUp taken up}. Waits for the broker. */
  void resume(Link link, Map<String, Throwable> refusedGroups) throws ExecutionException {
    int last;
    synchronized (this) {
      last = lastConsumer;
    }
    Link.Session opened = Await.outcome(link.openSession(last, List::of));
    List<ResumingConsumer> refused;
    synchronized (this) {
      next = opened;
      refused =
          consumers.stream()
              .filter(consumer -> refusedGroups.containsKey(consumer.spec().group()))
              .toList();
      refused.forEach(consumers::remove);
      if (closed) {
        opened.close();
      }
    }
    for (ResumingConsumer consumer : refused) {
      consumer.fail(
          refusedGroups.getOrDefault(consumer.spec().group(), LinkLostException.givenBack()));
    }
  }

  /** Takes up a session that was opened just now. */
  synchronized void begin(Link.Session opened) {
    remote = opened;
  }

  /** The connection that {@link #resume} was for is the current one. */
  synchronized void takeUp() {
    Link.Session opened = next;
    if (opened == null) {
      throw new IllegalStateException("A session is taken up that was not opened again");
    }
    next = null;
    remote = opened;
    consumers.forEach(consumer -> open(opened, consumer));
  }

  /** Its consumers ask for messages again. */
  void goOn() {
    List<ResumingConsumer> all;
    synchronized (this) {
      all = List.copyOf(consumers);
    }
    all.forEach(ResumingConsumer::goOn);
  }

  /** No connection comes any more. */
  void fail(Throwable cause) {
    List<ResumingConsumer> all;
    synchronized (this) {
      failure = cause;
      all = List.copyOf(consumers);
    }
    all.forEach(consumer -> consumer.fail(cause));
  }
}
