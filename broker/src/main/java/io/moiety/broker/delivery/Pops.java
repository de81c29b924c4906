package io.moiety.broker.delivery;

import io.moiety.broker.log.Appended;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.SystemRecord;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * RocketMQ's POP, ACK and CHANGE_INVISIBLE_TIME: the other face of the ledgers, whose leases end by
 * time. A message whose time ends goes back to its place and counts as delivered.
 *
 * <p>Owner: the store turn. Methods that append throw {@link
 * io.moiety.broker.log.AppendRefusedException} with nothing changed.
 */
public final class Pops {
  private static final long MAX_INVISIBLE_MILLIS = 12L * 60 * 60 * 1_000;
  private static final int MAX_ENDS_PER_ADVANCE = 1_000;

  private final Ledgers ledgers;
  private final QueueTable queues;
  private final GroupTopics groupTopics;
  private final Waiters waiters;
  private final GroupReaders readers;
  private final Returns returns;
  private final Admission admission;
  private final Journal journal;
  private final PopWaits waits;
  private final DeliveryLimits limits;
  private final DueQueue<PopLease> ends = new DueQueue<>();

  Pops(
      Ledgers ledgers,
      QueueTable queues,
      GroupTopics groupTopics,
      Waiters waiters,
      GroupReaders readers,
      Returns returns,
      Admission admission,
      Journal journal,
      PopWaits waits,
      DeliveryLimits limits) {
    this.ledgers = ledgers;
    this.queues = queues;
    this.groupTopics = groupTopics;
    this.waiters = waiters;
    this.readers = readers;
    this.returns = returns;
    this.admission = admission;
    this.journal = journal;
    this.waits = waits;
    this.limits = limits;
  }

  /** Answers at once, or when there is something, or at the end of the wait. */
  public void pop(PopRequest request, long nowMillis, PopAnswer answer) {
    Optional<Refusal> refusal = refuse(request, nowMillis);
    if (refusal.isPresent()) {
      answer.refused(refusal.get());
      return;
    }
    if (request.fromEnd()) {
      beginAtEnd(request);
    }
    GroupTopic groupTopic = groupTopics.open(request.group(), request.topic());
    endEarlierWaits(groupTopic, request);
    takeBackAttempt(groupTopic, request);
    PopReceive receive =
        new PopReceive(
            groupTopic,
            request,
            admission.isClassic(request.group()),
            Math.min(request.maxMessages(), limits.maxMessagesPerReceive()),
            limits.maxBytesPerReceive(),
            admission.maxDeliveries(request.group()),
            nowMillis + limits.waitMillis(request.waitMillis()),
            this,
            answer);
    waits.begins(request.connectionId(), receive);
    waiters.add(receive, nowMillis);
  }

  /** Nobody hears what an earlier request of the same attempt would be answered. */
  private void endEarlierWaits(GroupTopic groupTopic, PopRequest request) {
    if (request.attemptId().isPresent()) {
      groupTopic.waiting().stream()
          .filter(waiting -> waiting instanceof PopReceive earlier && earlier.isRepeatedBy(request))
          .forEach(waiters::cancel);
    }
  }

  /** Its answer was lost, so nobody has seen these messages. */
  private void takeBackAttempt(GroupTopic groupTopic, PopRequest request) {
    if (!request.inOrder() || request.attemptId().isEmpty()) {
      return;
    }
    List<Lease> lost =
        groupTopic.queues().stream()
            .filter(queue -> request.queueId() < 0 || request.queueId() == queue.key().queueId())
            .flatMap(queue -> queue.leases().stream())
            .filter(lease -> lease.isOf(request.attemptId()))
            .toList();
    lost.forEach(Lease::uncount);
    returns.giveBack(lost);
  }

  /**
   * Acknowledges those of the messages that are still the client's.
   *
   * @return why some are not; empty when all are acknowledged, now or before
   */
  public Optional<Refusal> acknowledge(List<PopHandle> handles, Journal.Waiter waiter) {
    Optional<Refusal> refusal = Optional.empty();
    Set<Lease> leases = new LinkedHashSet<>();
    for (PopHandle handle : handles) {
      Optional<PopLease> lease = find(handle);
      if (lease.isPresent()) {
        leases.add(lease.get());
      } else if (!isAcknowledged(handle)) {
        refusal = Optional.of(late(handle));
      }
    }
    if (!leases.isEmpty()) {
      acknowledge(new Claim(leases), refusal.isPresent() ? outcome -> {} : waiter);
    } else if (refusal.isEmpty()) {
      waiter.done(PutStatus.PUT_OK);
    }
    return refusal;
  }

  private void acknowledge(Claim claim, Journal.Waiter waiter) {
    List<AckRange> ranges = new ArrayList<>(claim.ranges());
    ranges.addAll(waiters.passedOver(claim.queues()));
    Appended appended = journal.acknowledge(ranges);
    waiters.passedOverWritten(claim.queues());
    claim.leases().forEach(lease -> lease.queue().remove(lease));
    journal.whenServed(appended.endPosition(), waiter);
  }

  /**
   * The message stays invisible for another time from now on; the handle is void, a new one has
   * {@code nowMillis} for its pop time. 0 gives the message back now.
   *
   * @param uncounted the client has not tried it: this delivery does not count
   */
  public Optional<Refusal> changeInvisibleTime(
      PopHandle handle, long invisibleMillis, boolean uncounted, long nowMillis) {
    if (invisibleMillis < 0 || invisibleMillis > MAX_INVISIBLE_MILLIS) {
      return Optional.of(badInvisibleTime(invisibleMillis));
    }
    Optional<PopLease> lease = find(handle);
    if (lease.isEmpty()) {
      return Optional.of(late(handle));
    }
    if (uncounted) {
      lease.get().uncount();
    } else {
      lease.get().handOver();
    }
    if (invisibleMillis == 0) {
      returns.giveBack(List.of(lease.get()));
    } else {
      lease.get().renew(nowMillis, invisibleMillis);
    }
    return Optional.empty();
  }

  PopLease lease(GroupQueue queue, long queueOffset, long nowMillis, PopRequest request) {
    PopLease lease = new PopLease(queue, queueOffset, ends, request.attemptId());
    lease.renew(nowMillis, request.invisibleMillis());
    return lease;
  }

  void ended(long connectionId, PopReceive receive) {
    waits.ended(connectionId, receive);
  }

  /** What the connection waited for, questions too; its leases stay until their time is over. */
  void connectionLost(long connectionId) {
    waits.of(connectionId).forEach(waiters::cancel);
  }

  /** Gives back what was not acknowledged in time. */
  void advance(long nowMillis) {
    List<PopLease> over = new ArrayList<>();
    while (over.size() < MAX_ENDS_PER_ADVANCE && ends.nextDueMillis() <= nowMillis) {
      ends.pollDue(nowMillis).ifPresent(over::add);
    }
    returns.giveBack(over);
  }

  long nextDueMillis() {
    return ends.nextDueMillis();
  }

  private Optional<Refusal> refuse(PopRequest request, long nowMillis) {
    if (request.maxMessages() < 1) {
      return Optional.of(
          Refusal.invalid("maxMsgNums " + request.maxMessages() + " must be at least 1"));
    }
    if (request.invisibleMillis() < 1 || request.invisibleMillis() > MAX_INVISIBLE_MILLIS) {
      return Optional.of(badInvisibleTime(request.invisibleMillis()));
    }
    return waits
        .refuse(request.connectionId())
        .or(() -> admission.refuseQueue(request.topic(), request.queueId()))
        .or(() -> admission.refuseClassic(request.group(), request.topic()))
        .or(
            () ->
                readers.pops(request.group(), request.topic(), request.connectionId(), nowMillis));
  }

  private static Refusal badInvisibleTime(long invisibleMillis) {
    return Refusal.invalid(
        "invisibleTime "
            + invisibleMillis
            + " ms is out of range; at most "
            + MAX_INVISIBLE_MILLIS
            + " is allowed");
  }

  /**
   * Queues that the group never was on begin behind what is there. Not one of which nothing was
   * deleted yet: as with pulls, and as in RocketMQ, a message that was sent just before the first
   * consumer came is not passed over.
   */
  private void beginAtEnd(PopRequest request) {
    List<SystemRecord.CommittedOffset> offsets =
        queues.of(request.topic()).stream()
            .filter(queue -> queue.minOffset() > 0)
            .filter(
                queue ->
                    ledgers
                        .classicOffset(request.group(), request.topic(), queue.queueId())
                        .isEmpty())
            .filter(queue -> !isInUse(request, queue.queueId()))
            .map(
                queue ->
                    new SystemRecord.CommittedOffset(
                        request.group(), request.topic(), queue.queueId(), queue.nextOffset()))
            .toList();
    if (!offsets.isEmpty()) {
      journal.record(new SystemRecord.OffsetsCommitted(offsets));
    }
  }

  private boolean isInUse(PopRequest request, int queueId) {
    return groupTopics
        .find(request.group(), request.topic())
        .flatMap(groupTopic -> groupTopic.queue(queueId))
        .isPresent();
  }

  private Optional<PopLease> find(PopHandle handle) {
    return groupTopics
        .find(handle.group(), handle.topic())
        .flatMap(groupTopic -> groupTopic.queue(handle.queueId()))
        .flatMap(queue -> queue.lease(handle.queueOffset()))
        .filter(PopLease.class::isInstance)
        .map(PopLease.class::cast)
        .filter(lease -> lease.popTimeMillis() == handle.popTimeMillis());
  }

  private boolean isAcknowledged(PopHandle handle) {
    return ledgers
        .known(new LedgerKey(handle.group(), handle.topic(), handle.queueId()))
        .isAcknowledged(handle.queueOffset());
  }

  private static Refusal late(PopHandle handle) {
    return new Refusal(
        Refusal.Reason.NOT_LEASED,
        "Message "
            + handle.queueOffset()
            + " of topic "
            + handle.topic()
            + " queue "
            + handle.queueId()
            + " is not invisible for group "
            + handle.group()
            + " since "
            + handle.popTimeMillis()
            + ": its time is over or was changed, and it is or will be delivered again");
  }
}
