package io.moiety.broker.delivery;

import io.moiety.broker.filter.Selectors;
import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.queue.ServedListener;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.DueWork;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.RecordReader;
import io.moiety.broker.topic.GroupTable;
import io.moiety.broker.topic.TopicTable;
import io.moiety.broker.topic.TopicUse;

/**
 * Delivery at run time: puts its parts together and passes on what the store turn tells all of
 * them. Made after replay, when the ledgers are what they were.
 *
 * <p>Owner: the store turn. {@link #served} and what the ledgers hear while records are applied is
 * only noted; answers and appends happen in {@link #run}, at the end of a batch, and in the calls
 * that requests make.
 */
public final class Deliveries implements ServedListener, DueWork, TopicUse {
  private final GroupTopics groupTopics;
  private final Waiters waiters;
  private final Sessions sessions;
  private final Acknowledgements acknowledgements;
  private final Pops pops;
  private final PopQuestions popQuestions;
  private final GroupReaders readers;
  private final Subscriptions subscriptions;
  private final Browser browser;
  private final QueueGroups queueGroups;

  public Deliveries(
      Ledgers ledgers,
      QueueTable queues,
      TopicTable topics,
      GroupTable groups,
      Journal journal,
      RecordReader reader,
      ColdReads coldReads,
      Selectors selectors,
      DeliveryLimits limits) {
    groupTopics = new GroupTopics(groups, selectors);
    ledgers.listener(groupTopics);
    queueGroups = new QueueGroups(groups, groupTopics, journal);
    DeadLetters deadLetters = new DeadLetters(topics, groups, queueGroups, journal);
    waiters =
        new Waiters(
            ledgers,
            queues,
            groupTopics,
            journal,
            reader,
            coldReads,
            deadLetters,
            limits.maxSpan());
    Returns returns = new Returns(journal, groupTopics);
    Admission admission = new Admission(topics, groups, queueGroups, ledgers, journal);
    GroupActivity activity = new GroupActivity(groups, groupTopics);
    readers = new GroupReaders(groupTopics);
    SessionTable table = new SessionTable();
    sessions =
        new Sessions(
            table,
            new SessionConsumers(table, groupTopics, activity, admission, readers, limits),
            waiters,
            returns,
            limits);
    acknowledgements = new Acknowledgements(table, waiters, journal);
    PopWaits waits = new PopWaits(limits.maxWaitingPerConnection());
    pops =
        new Pops(
            ledgers,
            queues,
            groupTopics,
            waiters,
            readers,
            returns,
            admission,
            journal,
            waits,
            limits);
    popQuestions = new PopQuestions(groupTopics, waiters, admission, waits, limits);
    subscriptions = new Subscriptions(topics, groups, queues, ledgers, activity, journal);
    browser = new Browser(ledgers, queues, groupTopics, reader, admission);
  }

  public Sessions sessions() {
    return sessions;
  }

  public Acknowledgements acknowledgements() {
    return acknowledgements;
  }

  public Pops pops() {
    return pops;
  }

  public PopQuestions popQuestions() {
    return popQuestions;
  }

  /** How the members of groups read topics now. */
  public GroupReaders readers() {
    return readers;
  }

  public Subscriptions subscriptions() {
    return subscriptions;
  }

  public Browser browser() {
    return browser;
  }

  public QueueGroups queueGroups() {
    return queueGroups;
  }

  /** More of a queue may be delivered: whoever waits for it is served by {@link #run}. */
  @Override
  public void served(ConsumeQueue queue) {
    groupTopics.served(queue.topic());
  }

  /** The connection is gone, and everything that was bound to it. */
  public void connectionLost(long connectionId) {
    sessions.connectionLost(connectionId);
    pops.connectionLost(connectionId);
    readers.connectionLost(connectionId);
    subscriptions.connectionLost(connectionId);
  }

  /** Messages of a queue that members of the group have and did not acknowledge yet. */
  public int inFlight(String group, String topic, int queueId) {
    return groupTopics
        .find(group, topic)
        .flatMap(groupTopic -> groupTopic.queue(queueId))
        .map(GroupQueue::leaseCount)
        .orElse(0);
  }

  /** True while there are consumers on the topic, or receives that wait for its messages. */
  @Override
  public boolean hasConsumers(String topic) {
    return groupTopics.ofTopic(topic).stream()
        .anyMatch(groupTopic -> groupTopic.hasConsumers() || groupTopic.isAwaited());
  }

  /**
   * Does what is due and serves those who wait. To be called after {@link #served} in every batch
   * of the turn, and at {@link #nextDueMillis}. It may append.
   */
  @Override
  public void run(long nowMillis) {
    sessions.advance(nowMillis);
    pops.advance(nowMillis);
    waiters.advance(nowMillis);
  }

  /** When {@link #run} has something to do; 0 for at once (a bounded step was done, with more). */
  @Override
  public long nextDueMillis() {
    return Math.min(
        waiters.nextDueMillis(), Math.min(sessions.nextDueMillis(), pops.nextDueMillis()));
  }
}
