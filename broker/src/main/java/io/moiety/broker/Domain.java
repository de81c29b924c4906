package io.moiety.broker;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.delay.DelayRouting;
import io.moiety.broker.delay.DelayedDelivery;
import io.moiety.broker.delivery.BranchHolds;
import io.moiety.broker.delivery.Deliveries;
import io.moiety.broker.delivery.DeliveryLimits;
import io.moiety.broker.delivery.RetainedMessages;
import io.moiety.broker.filter.Selectors;
import io.moiety.broker.intake.MessageIntake;
import io.moiety.broker.intake.TopicAdmission;
import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.retention.DiskGuard;
import io.moiety.broker.retention.LiveRecords;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.Store;
import io.moiety.broker.store.SystemRecord.BrokerStarted;
import io.moiety.broker.topic.TemporaryTopics;
import io.moiety.broker.topic.TopicCreation;
import io.moiety.broker.transaction.AdministratorDecisions;
import io.moiety.broker.transaction.BranchCompletion;
import io.moiety.broker.transaction.BranchDecisions;
import io.moiety.broker.transaction.BranchQuestions;
import io.moiety.broker.transaction.Branches;
import io.moiety.broker.transaction.CheckBack;
import io.moiety.broker.transaction.CheckSender;
import io.moiety.broker.transaction.Completion;
import io.moiety.broker.transaction.HalfOutcomes;
import io.moiety.broker.transaction.Incarnations;
import io.moiety.broker.transaction.Resolver;
import io.moiety.broker.transaction.TransactionListing;
import io.moiety.broker.transaction.UnfinishedCommits;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/**
 * What the broker does with its store, part by part. All of it belongs to the store turn.
 *
 * @param started the identity of this store and of this run
 * @param live what of the log is still needed
 */
record Domain(
    BrokerStarted started,
    TopicCreation topicCreation,
    TemporaryTopics temporaryTopics,
    Deliveries deliveries,
    DelayedDelivery delayedDelivery,
    Branches branches,
    BranchDecisions branchDecisions,
    UnfinishedCommits unfinishedCommits,
    BranchQuestions branchQuestions,
    Resolver resolver,
    CheckBack checkBack,
    HalfOutcomes halfOutcomes,
    TransactionListing transactions,
    AdministratorDecisions administratorDecisions,
    MessageIntake intake,
    List<LiveRecords> live) {
  private static final Logger LOG = System.getLogger(Domain.class.getName());

  /** Builds the parts over a replayed store and finishes what an earlier run left open. */
  static Domain over(
      Store store,
      Views views,
      BrokerClock clock,
      DiskGuard diskGuard,
      BrokerConfig config,
      InetSocketAddress storeHost,
      ColdReads coldReads,
      Selectors selectors,
      CheckSender checks,
      LongFunction<Optional<RecordView>> finder) {
    long nowMillis = clock.nowMillis();
    BrokerStarted started = views.boots().next(nowMillis);
    store.record(started);

    TopicCreation topicCreation = new TopicCreation(views.topics(), store);
    DelayRouting delays = new DelayRouting(config.delayLevels());
    Completion completion = new Completion(store, store, delays);
    Branches branches =
        new Branches(
            views.branches(),
            new Incarnations(started.bootNumber()),
            new BranchHolds(views.ledgers(), store));
    BranchCompletion branchCompletion = new BranchCompletion(views.branches(), store, completion);
    BranchDecisions branchDecisions =
        new BranchDecisions(branches, views.branches(), store, branchCompletion);
    Resolver resolver = new Resolver(views.halves(), completion, store, finder, store);
    CheckBack checkBack =
        new CheckBack(
            views.halves(),
            store,
            coldReads,
            store,
            checks,
            store::servedPosition,
            new CheckBack.Settings(
                config.transactions().checkIntervalMillis(),
                config.transactions().checkMax(),
                TimeUnit.HOURS.toMillis(config.store().retention().reservedHours())));
    Domain domain =
        new Domain(
            started,
            topicCreation,
            new TemporaryTopics(views.topics(), topicCreation),
            new Deliveries(
                views.ledgers(),
                views.queues(),
                views.topics(),
                views.groups(),
                store,
                store,
                coldReads,
                selectors,
                DeliveryLimits.defaults().withSessionTimeoutMillis(config.sessionTimeoutMillis())),
            views.schedules().start(store, coldReads, store, nowMillis),
            branches,
            branchDecisions,
            new UnfinishedCommits(views.branches(), branchCompletion, coldReads),
            new BranchQuestions(branches, views.branches(), store),
            resolver,
            checkBack,
            new HalfOutcomes(views.halves(), store),
            new TransactionListing(views.halves(), branches, views.branches()),
            new AdministratorDecisions(
                views.halves(), resolver, checkBack, branchDecisions, store, store),
            new MessageIntake(
                new TopicAdmission(
                    views.topics(),
                    topicCreation,
                    new TopicAdmission.Settings(
                        config.topics().autoCreate(),
                        config.topics().queues(),
                        config.topics().maxMessageBytes())),
                delays,
                branches,
                branchDecisions,
                store,
                diskGuard,
                storeHost,
                config.clusterName()),
            live(views, branches, clock));
    domain.createSystemTopics(config.clusterName());
    domain.deliveries().subscriptions().deleteAbandoned();
    domain.temporaryTopics().deleteAbandoned();
    domain.unfinishedCommits().begin(nowMillis);
    return domain;
  }

  private static List<LiveRecords> live(Views views, Branches branches, BrokerClock clock) {
    List<LiveRecords> live = new ArrayList<>(List.of(views.halves(), views.branches(), branches));
    live.addAll(views.schedules().live());
    live.add(new RetainedMessages(views.groups(), views.queues(), views.ledgers(), clock));
    return List.copyOf(live);
  }

  /** Topics that clients expect to be there. Where there is no room for them, a start goes on. */
  private void createSystemTopics(String clusterName) {
    for (String topic : List.of(SystemTopics.TRACE, SystemTopics.replyTopic(clusterName))) {
      try {
        if (topicCreation.ensure(topic, 1).isEmpty()) {
          LOG.log(Level.WARNING, "{0}", topicCreation.whyNot(topic, 1).orElse(topic));
        }
      } catch (AppendRefusedException refused) {
        LOG.log(
            Level.WARNING,
            "Topic {0} cannot be created now and will be at the next start: {1}",
            topic,
            refused.getMessage());
      }
    }
  }

  /** The connection is gone, and everything that was bound to it. */
  void connectionLost(long connectionId) {
    branches.connectionLost(connectionId);
    deliveries.connectionLost(connectionId);
    temporaryTopics.connectionLost(connectionId);
  }
}
