package io.moiety.broker.delivery;

import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.Appended;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.store.ClassicSettings;
import io.moiety.broker.store.GroupConfig;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.TopicConfig;
import io.moiety.broker.topic.GroupTable;
import io.moiety.broker.topic.TopicTable;
import io.moiety.protocol.SystemTopics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;

/**
 * Makes and deletes the subscriptions of Jakarta Messaging: groups on one topic, with a position
 * that is defined before anybody is told that they exist.
 *
 * <p>Owner: the store turn. Methods that append throw {@link AppendRefusedException}; a
 * subscription that was made in part is completed by the same request again.
 */
public final class Subscriptions {
  private static final Logger LOG = System.getLogger(Subscriptions.class.getName());

  private final TopicTable topics;
  private final GroupTable groups;
  private final QueueTable queues;
  private final Ledgers ledgers;
  private final GroupActivity activity;
  private final Journal journal;

  Subscriptions(
      TopicTable topics,
      GroupTable groups,
      QueueTable queues,
      Ledgers ledgers,
      GroupActivity activity,
      Journal journal) {
    this.topics = topics;
    this.groups = groups;
    this.queues = queues;
    this.ledgers = ledgers;
    this.activity = activity;
    this.journal = journal;
  }

  /**
   * Makes the subscription, or finds that it is there. One with another topic or selector is
   * deleted and made anew (Jakarta Messaging 3.1, 8.7), which is refused while it is active.
   *
   * @param waiter told when the subscription is as durable as the flush mode demands
   * @return why not; the waiter is not told then
   */
  public Optional<Refusal> subscribe(SubscribeRequest request, Journal.Waiter waiter) {
    Optional<GroupConfig> existing = groups.find(request.group());
    GroupConfig wanted = config(request);
    boolean same = existing.filter(known -> wantsTheSame(known, wanted)).isPresent();
    Optional<Refusal> refusal = refuse(request, existing, same);
    if (refusal.isPresent()) {
      return refusal;
    }
    if (same) {
      activity.subscribed(request.group(), request.connectionId(), request.exclusive());
      waiter.done(PutStatus.PUT_OK);
      return Optional.empty();
    }
    Optional<Refusal> full = refuseMore(request);
    if (full.isPresent()) {
      return full;
    }
    if (existing.isPresent()) {
      journal.record(new SystemRecord.GroupDeleted(request.group()));
    }
    Appended last = create(request, wanted);
    activity.subscribed(request.group(), request.connectionId(), request.exclusive());
    journal.whenServed(last.endPosition(), waiter);
    return Optional.empty();
  }

  /** Whether the subscription is there, with the selector that is asked for. */
  public boolean isStoredWithSelectorOf(SubscribeRequest request) {
    return groups
        .find(request.group())
        .filter(known -> known.topic().isPresent() && known.selector().equals(request.selector()))
        .isPresent();
  }

  /**
   * Deletes the subscription and everything that it has not been delivered. One that is not durable
   * goes on for the other connections that use it, and ends with the last of them.
   *
   * @return why not; the waiter is not told then
   */
  public Optional<Refusal> unsubscribe(long connectionId, String group, Journal.Waiter waiter) {
    Optional<GroupConfig> existing = groups.find(group);
    if (existing.flatMap(GroupConfig::topic).isEmpty()) {
      return Optional.of(
          new Refusal(Refusal.Reason.UNKNOWN_GROUP, "There is no subscription " + group));
    }
    Optional<Refusal> refusal = activity.refuseUnacknowledged(group);
    if (refusal.isPresent()) {
      return refusal;
    }
    refusal = delete(connectionId, group, waiter);
    if (refusal.isPresent() && !existing.get().durable()) {
      activity.left(group, connectionId);
    }
    return refusal;
  }

  /** Deletes any group, with what it has acknowledged, unless it is in use. */
  public Optional<Refusal> delete(long connectionId, String group, Journal.Waiter waiter) {
    Optional<Refusal> refusal =
        activity.refuseChange(group, connectionId).or(() -> refuseHeld(group));
    if (refusal.isEmpty()) {
      Appended deleted = journal.record(new SystemRecord.GroupDeleted(group));
      activity.deleted(group);
      journal.whenServed(deleted.endPosition(), waiter);
    }
    return refusal;
  }

  /** Subscriptions that are not durable end with their last connection. */
  void connectionLost(long connectionId) {
    for (String group : activity.connectionLost(connectionId)) {
      if (groups.find(group).filter(config -> !config.durable()).isPresent()) {
        delete(group);
      }
    }
  }

  /**
   * Deletes the subscriptions that are not durable of connections that ended with an earlier run.
   */
  public void deleteAbandoned() {
    groups.all().stream()
        .filter(group -> !group.durable())
        .map(GroupConfig::name)
        .forEach(this::delete);
  }

  /** What is left over now is deleted when the broker starts. */
  private void delete(String group) {
    try {
      journal.record(new SystemRecord.GroupDeleted(group));
    } catch (AppendRefusedException e) {
      LOG.log(Level.WARNING, "Subscription " + group + " could not be deleted", e);
    }
  }

  private Optional<Refusal> refuse(
      SubscribeRequest request, Optional<GroupConfig> existing, boolean same) {
    Optional<Refusal> refusal = refuse(request, existing);
    if (refusal.isPresent()) {
      return refusal;
    }
    if (existing.isPresent() && !same) {
      return activity
          .refuseChange(request.group(), request.connectionId())
          .or(() -> refuseHeld(request.group()));
    }
    return request.exclusive()
        ? activity.refuseActive(request.group(), request.connectionId())
        : Optional.empty();
  }

  /** What no wait mends. */
  private static Optional<Refusal> refuse(
      SubscribeRequest request, Optional<GroupConfig> existing) {
    if (SystemTopics.isReserved(request.topic())) {
      return Optional.of(
          new Refusal(
              Refusal.Reason.NOT_PERMITTED,
              "Topic " + request.topic() + " belongs to the broker and cannot be consumed"));
    }
    return existing
        .filter(known -> !isOfSameKind(known, request))
        .map(
            known ->
                Refusal.invalid(
                    "Group "
                        + known.name()
                        + " exists and is "
                        + (known.topic().isPresent() ? "a subscription" : "no subscription")
                        + (known.durable() ? ", durable" : ", not durable")
                        + (known.exclusive() ? ", exclusive" : ", shared")
                        + "; delete it first, or use another name"));
  }

  private static boolean isOfSameKind(GroupConfig known, SubscribeRequest request) {
    return known.topic().isPresent()
        && known.durable() == request.durable()
        && known.exclusive() == request.exclusive();
  }

  private static boolean wantsTheSame(GroupConfig known, GroupConfig wanted) {
    return known.topic().equals(wanted.topic())
        && known.selector().equals(wanted.selector())
        && known.noLocalClient().equals(wanted.noLocalClient());
  }

  private Optional<Refusal> refuseMore(SubscribeRequest request) {
    return groups
        .refuse(request.group())
        .or(() -> topics.refuseNew(request.topic()))
        .map(Refusal::limitReached);
  }

  private Optional<Refusal> refuseHeld(String group) {
    return ledgers.isHeldByBranch(group)
        ? Optional.of(
            Refusal.inUse(
                "An undecided transaction has consumed messages of subscription "
                    + group
                    + "; decide it first"))
        : Optional.empty();
  }

  /**
   * The position first: a subscription that is there without its position, after a crash or a full
   * disk in between, would be taken for complete and get what is older.
   */
  private Appended create(SubscribeRequest request, GroupConfig wanted) {
    if (topics.find(request.topic()).isEmpty()) {
      journal.record(new SystemRecord.TopicSet(TopicConfig.of(request.topic(), 1)));
    }
    List<SystemRecord.CommittedOffset> offsets =
        queues.of(request.topic()).stream().map(queue -> begin(request, queue)).toList();
    if (!offsets.isEmpty()) {
      journal.record(new SystemRecord.OffsetsCommitted(offsets));
    }
    return journal.record(new SystemRecord.GroupSet(wanted));
  }

  private static SystemRecord.CommittedOffset begin(SubscribeRequest request, ConsumeQueue queue) {
    return new SystemRecord.CommittedOffset(
        request.group(),
        request.topic(),
        queue.queueId(),
        request.fromFirst() ? queue.minOffset() : queue.nextOffset());
  }

  private static GroupConfig config(SubscribeRequest request) {
    return new GroupConfig(
        request.group(),
        Optional.of(request.topic()),
        request.selector().filter(text -> !text.isBlank()),
        request.noLocalClient(),
        request.durable(),
        request.exclusive(),
        true,
        GroupConfig.DEFAULT_MAX_RETRIES,
        ClassicSettings.defaults());
  }
}
