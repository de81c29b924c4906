package io.moiety.broker.server;

import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.RecordReader;
import io.moiety.broker.topic.GroupTable;
import io.moiety.broker.topic.TopicTable;
import io.moiety.broker.traffic.RecentTraffic;
import java.util.concurrent.Executor;

/** Puts together what serves RocketMQ's tools about queues, groups and how far these have come. */
public final class AdminHandlers {

  private AdminHandlers() {}

  /**
   * What they look at. Owner of all but the readers and the clock: the store turn.
   *
   * @param readers refuse when too much waits
   */
  public record Parts(
      String brokerName,
      TopicTable topics,
      GroupTable groups,
      QueueTable queues,
      ClassicOffsets offsets,
      ClientRegistry clients,
      PullHandlers pulls,
      ConsumerProgress.InFlightMessages inFlight,
      RecentTraffic recent,
      Journal journal,
      RecordReader reader,
      Executor readers,
      BrokerClock clock,
      InTurn inTurn) {}

  public static void register(Parts parts, RequestRouter router) {
    ConsumerProgress progress =
        new ConsumerProgress(
            parts.topics(), parts.queues(), parts.offsets(), parts.clients(), parts.inFlight());
    new ProgressHandlers(
            parts.brokerName(),
            parts.topics(),
            parts.groups(),
            parts.queues(),
            progress,
            parts.recent(),
            new StoreTimes(parts.reader(), parts.readers()),
            parts.clock(),
            parts.inTurn())
        .register(router);
    new ResetHandlers(
            parts.brokerName(),
            parts.topics(),
            parts.groups(),
            parts.offsets(),
            new QueueOffsets(parts.queues(), parts.reader()),
            new TimeSearches(parts.queues(), parts.reader(), parts.readers(), parts.inTurn()),
            parts.pulls(),
            parts.journal(),
            parts.inTurn())
        .register(router);
  }
}
