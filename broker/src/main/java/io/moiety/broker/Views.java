package io.moiety.broker;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.delay.DelayedDelivery;
import io.moiety.broker.delay.TimerSizes;
import io.moiety.broker.delivery.Ledgers;
import io.moiety.broker.index.KeyIndex;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.server.PendingOffsets;
import io.moiety.broker.server.PullPositions;
import io.moiety.broker.snapshot.BlockFile;
import io.moiety.broker.snapshot.StoredView;
import io.moiety.broker.snapshot.ViewFiles;
import io.moiety.broker.store.BootHistory;
import io.moiety.broker.store.View;
import io.moiety.broker.topic.GroupTable;
import io.moiety.broker.topic.RequestModes;
import io.moiety.broker.topic.TopicTable;
import io.moiety.broker.traffic.Traffic;
import io.moiety.broker.transaction.DecidedBranches;
import io.moiety.broker.transaction.HalfMessages;
import java.util.ArrayList;
import java.util.List;

/** All views of one broker, empty until the store replays its log into them. */
record Views(
    BootHistory boots,
    TopicTable topics,
    GroupTable groups,
    RequestModes requestModes,
    QueueTable queues,
    Ledgers ledgers,
    PendingOffsets pendingOffsets,
    PullPositions pullPositions,
    HalfMessages halves,
    DecidedBranches branches,
    DelayedDelivery.Schedules schedules,
    KeyIndex keys,
    Traffic traffic) {

  static Views empty(
      BrokerConfig config, BlockFile blocks, ViewFiles files, TimerSizes timerSizes) {
    TopicTable topics = new TopicTable(config.limits());
    GroupTable groups = new GroupTable(config.limits());
    QueueTable queues = new QueueTable(blocks);
    return new Views(
        new BootHistory(),
        topics,
        groups,
        new RequestModes(),
        queues,
        new Ledgers(),
        new PendingOffsets(),
        new PullPositions(),
        new HalfMessages(config.transactions().timeoutMillis()),
        new DecidedBranches(),
        new DelayedDelivery.Schedules(queues, config.delayLevels(), blocks, timerSizes),
        KeyIndex.empty(files),
        new Traffic(
            topic -> topics.find(topic).isPresent(), group -> groups.find(group).isPresent()));
  }

  /** In the order in which they see a record. */
  List<View> inOrder() {
    List<View> all =
        new ArrayList<>(
            List.of(
                boots,
                topics,
                groups,
                requestModes,
                queues,
                ledgers,
                pendingOffsets,
                pullPositions,
                halves,
                branches));
    all.addAll(schedules.views());
    all.addAll(List.of(keys, traffic));
    return all;
  }

  /** Those that have a section in every snapshot, in the order of the sections. */
  List<StoredView> stored() {
    return inOrder().stream()
        .filter(StoredView.class::isInstance)
        .map(StoredView.class::cast)
        .toList();
  }
}
