package io.moiety.broker;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.delay.DelayRouting;
import io.moiety.broker.delivery.Deliveries;
import io.moiety.broker.delivery.Sessions;
import io.moiety.broker.filter.Selectors;
import io.moiety.broker.index.KeySearch;
import io.moiety.broker.intake.HeldAppends;
import io.moiety.broker.queue.ConsumeQueue;
import io.moiety.broker.queue.QueueTable;
import io.moiety.broker.retention.LiveRecords;
import io.moiety.broker.server.AcknowledgeHandler;
import io.moiety.broker.server.AdminHandlers;
import io.moiety.broker.server.AssignmentHandlers;
import io.moiety.broker.server.BrokerInfoHandlers;
import io.moiety.broker.server.BrowseHandler;
import io.moiety.broker.server.ClassicOffsets;
import io.moiety.broker.server.ClientAdminHandlers;
import io.moiety.broker.server.ClientEpochs;
import io.moiety.broker.server.ClientForwardHandlers;
import io.moiety.broker.server.ClientHandlers;
import io.moiety.broker.server.ClientRegistry;
import io.moiety.broker.server.ConsumerHandlers;
import io.moiety.broker.server.DelayedHandlers;
import io.moiety.broker.server.EndTransactionHandler;
import io.moiety.broker.server.GroupAdminHandlers;
import io.moiety.broker.server.HalfOutcomeHandler;
import io.moiety.broker.server.HelloHandler;
import io.moiety.broker.server.InTurn;
import io.moiety.broker.server.LoopTurn;
import io.moiety.broker.server.LostConnections;
import io.moiety.broker.server.MessageHandlers;
import io.moiety.broker.server.NameServerHandlers;
import io.moiety.broker.server.NextBranch;
import io.moiety.broker.server.OffsetHandlers;
import io.moiety.broker.server.PopHandlers;
import io.moiety.broker.server.ProducerChecks;
import io.moiety.broker.server.PullAdmission;
import io.moiety.broker.server.PullHandlers;
import io.moiety.broker.server.PullReading;
import io.moiety.broker.server.QueryHandlers;
import io.moiety.broker.server.QueueLockHandlers;
import io.moiety.broker.server.QueueLocks;
import io.moiety.broker.server.RecallHandler;
import io.moiety.broker.server.RequestReplyHandlers;
import io.moiety.broker.server.RequestRouter;
import io.moiety.broker.server.RetrySends;
import io.moiety.broker.server.SendHandler;
import io.moiety.broker.server.SendOutcomeHandler;
import io.moiety.broker.server.SessionHandlers;
import io.moiety.broker.server.StatsHandlers;
import io.moiety.broker.server.SubscriptionHandlers;
import io.moiety.broker.server.SubscriptionReader;
import io.moiety.broker.server.TopicAdminHandlers;
import io.moiety.broker.server.TopicHandlers;
import io.moiety.broker.server.TransactionAdminHandlers;
import io.moiety.broker.server.XaHandlers;
import io.moiety.broker.stats.BrokerStatistics;
import io.moiety.broker.stats.LatencyHistogram;
import io.moiety.broker.store.BrokerClock;
import io.moiety.broker.store.ColdReads;
import io.moiety.broker.store.DueWork;
import io.moiety.broker.store.Store;
import io.moiety.broker.traffic.MorningTraffic;
import io.moiety.broker.traffic.RecentTraffic;
import io.moiety.broker.traffic.Traffic;
import io.moiety.broker.traffic.TrafficRates;
import io.moiety.broker.transaction.BranchRights;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.SystemTopics;
import java.net.InetSocketAddress;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;

/** Wires every request to the part of the domain that serves it. Owner: the starting thread. */
final class Handlers {
  private final Domain domain;
  private final ClassicOffsets classicOffsets;
  private final PullHandlers pulls;
  private final ColdReads coldReads;
  private final QueueTable queues;
  private final HeldAppends heldAppends = new HeldAppends();
  private final LoopTurn loopTurn;
  private final ClientEpochs epochs;
  private final QueueLocks queueLocks = new QueueLocks();
  private final RequestRouter router = new RequestRouter();
  private final LatencyHistogram putLatency = new LatencyHistogram();
  private final TrafficRates rates;
  private final MorningTraffic mornings;
  private final RecentTraffic recent;
  private final StatisticsReader statistics;

  Handlers(
      BrokerConfig config,
      StoreCore core,
      InetSocketAddress storeHost,
      ThreadPoolExecutor readers) {
    Selectors selectors = new Selectors();
    SubscriptionReader subscriptions = new SubscriptionReader(selectors);
    ClientRegistry clients = new ClientRegistry();
    BrokerClock clock = core.clock();
    Views views = core.views();
    Store store = core.store();
    coldReads =
        new ColdReads(
            core::bringToCache,
            store::endPosition,
            ColdReads.Settings.defaults(),
            readers,
            core.turn()::post);
    loopTurn = new LoopTurn(core.turn(), core::wakeSoon);
    InTurn inTurn = new InTurn(loopTurn, coldReads, heldAppends, clock);
    domain =
        Domain.over(
            store,
            views,
            clock,
            core.diskGuard(),
            config,
            storeHost,
            coldReads,
            selectors,
            new ProducerChecks(clients),
            core::find);
    classicOffsets =
        new ClassicOffsets(
            views.pendingOffsets(),
            views.pullPositions(),
            views.ledgers(),
            domain.deliveries().readers(),
            views.groups(),
            views.queues(),
            store);
    queues = views.queues();
    epochs = new ClientEpochs(domain::connectionLost);
    LostConnections lostConnections =
        new LostConnections(
            inTurn,
            connectionId -> {
              epochs.closed(connectionId);
              domain.connectionLost(connectionId);
            });
    pulls =
        new PullHandlers(
            new PullAdmission(
                views.topics(),
                views.groups(),
                clients,
                domain.deliveries().readers(),
                subscriptions),
            views.queues(),
            classicOffsets,
            new PullReading(store, readers, views.traffic()),
            lostConnections,
            clock,
            inTurn);

    rates = new TrafficRates(views.traffic()::all, clock.nowMillis());
    mornings = new MorningTraffic(views.traffic()::all, ZoneId.systemDefault(), clock.nowMillis());
    recent = new RecentTraffic(views.traffic(), clock.nowMillis());
    statistics =
        new StatisticsReader(core, rates, mornings, putLatency, () -> readers.getQueue().size());
    KeySearch search = new KeySearch(views.keys(), core::find, store::servedPosition);
    NextBranch nextBranch = new NextBranch(domain.branches(), lostConnections, clock);
    registerSends(config, views, storeHost, search, readers, nextBranch, inTurn, clock);
    new XaHandlers(
            domain.branches(),
            domain.branchDecisions(),
            domain.branchQuestions(),
            new BranchRights(domain.branches(), views.branches(), store),
            nextBranch,
            lostConnections,
            clock,
            inTurn)
        .register(router);
    registerTopics(config, views, store, lostConnections, inTurn);
    registerDeliveries(config, selectors, lostConnections, core, inTurn);
    new ClientHandlers(
            clients,
            domain.deliveries().readers(),
            subscriptions,
            views.groups(),
            domain.topicCreation(),
            store,
            inTurn)
        .register(router);
    new RequestReplyHandlers(
            SystemTopics.replyTopic(config.clusterName()), clients, storeHost, clock, inTurn)
        .register(router);
    new AssignmentHandlers(
            config.brokerName(),
            views.topics(),
            views.groups(),
            views.requestModes(),
            clients,
            store,
            inTurn)
        .register(router);
    pulls.register(router);
    new OffsetHandlers(
            views.topics(),
            views.queues(),
            store,
            readers,
            classicOffsets,
            domain.deliveries().readers(),
            clock,
            inTurn)
        .register(router);
    new QueueLockHandlers(config, queueLocks, clock, inTurn).register(router);
    new QueryHandlers(views.topics(), search, views.keys(), readers).register(router);
    router.register(
        RequestCode.HALF_OUTCOME,
        new HalfOutcomeHandler(search, domain.halfOutcomes(), readers, inTurn));
    router.register(
        RequestCode.SEND_OUTCOME,
        new SendOutcomeHandler(search, storeHost, core.store(), inTurn, readers));
    new DelayedHandlers(domain.delayedDelivery().pending(), search, core::find, readers, inTurn)
        .register(router);
    new MessageHandlers(
            search::findAt,
            store::servedPosition,
            views.groups(),
            domain.topicCreation(),
            new DelayRouting(config.delayLevels()),
            store,
            clock,
            inTurn)
        .register(router);
    registerAdministration(config, core, clients, readers, inTurn);
  }

  private void registerAdministration(
      BrokerConfig config,
      StoreCore core,
      ClientRegistry clients,
      Executor readers,
      InTurn inTurn) {
    Views views = core.views();
    Store store = core.store();
    BrokerClock clock = core.clock();
    new BrokerInfoHandlers(
            config,
            Broker.version(),
            views.topics(),
            statistics::read,
            core::find,
            clock,
            readers,
            inTurn)
        .register(router);
    new TransactionAdminHandlers(
            domain.transactions(),
            domain.administratorDecisions(),
            core::find,
            readers,
            clock,
            inTurn)
        .register(router);
    new ClientAdminHandlers(clients, clock, inTurn).register(router);
    new ClientForwardHandlers(config.brokerName(), clients, core::find, readers, inTurn)
        .register(router);
    new GroupAdminHandlers(views.groups(), domain.deliveries().subscriptions(), store, inTurn)
        .register(router);
    new StatsHandlers(recent, clock).register(router);
    AdminHandlers.register(
        new AdminHandlers.Parts(
            config.brokerName(),
            views.topics(),
            views.groups(),
            views.queues(),
            classicOffsets,
            clients,
            pulls,
            domain.deliveries()::inFlight,
            recent,
            store,
            store,
            readers,
            clock,
            inTurn),
        router);
  }

  private void registerSends(
      BrokerConfig config,
      Views views,
      InetSocketAddress storeHost,
      KeySearch search,
      Executor readers,
      NextBranch nextBranch,
      InTurn inTurn,
      BrokerClock clock) {
    String brokerName = config.brokerName();
    SendHandler send =
        new SendHandler(
            domain.intake(),
            new RetrySends(views.groups(), queueLocks, clock),
            nextBranch,
            brokerName,
            clock,
            storeHost,
            putLatency,
            inTurn);
    new RecallHandler(
            brokerName, views.topics(), search, domain.delayedDelivery().pending(), readers, inTurn)
        .register(router);
    router.register(RequestCode.SEND_MESSAGE, send);
    router.register(RequestCode.SEND_MESSAGE_V2, send);
    router.register(RequestCode.SEND_BATCH_MESSAGE, send);
    router.register(
        RequestCode.END_TRANSACTION,
        new EndTransactionHandler(domain.resolver(), domain.checkBack(), clock, inTurn));
  }

  private void registerTopics(
      BrokerConfig config,
      Views views,
      Store store,
      LostConnections lostConnections,
      InTurn inTurn) {
    new NameServerHandlers(config, views.topics()).register(router);
    new TopicAdminHandlers(
            views.topics(), domain.topicCreation(), domain.deliveries(), store, inTurn)
        .register(router);
    new TopicHandlers(
            views.topics(),
            domain.topicCreation(),
            domain.temporaryTopics(),
            store,
            domain.deliveries(),
            domain.deliveries().queueGroups(),
            lostConnections,
            inTurn)
        .register(router);
  }

  private void registerDeliveries(
      BrokerConfig config,
      Selectors selectors,
      LostConnections lostConnections,
      StoreCore core,
      InTurn inTurn) {
    BrokerClock clock = core.clock();
    Traffic traffic = core.views().traffic();
    Deliveries deliveries = domain.deliveries();
    Sessions sessions = deliveries.sessions();
    HelloHandler.Greeting greeting =
        new HelloHandler.Greeting(
            domain.started().storeUuid(),
            config.brokerName(),
            Broker.version(),
            config.topics().maxMessageBytes());
    new HelloHandler(greeting, sessions, lostConnections, epochs, clock, inTurn).register(router);
    new SessionHandlers(sessions, lostConnections, clock, inTurn).register(router);
    new ConsumerHandlers(sessions, classicOffsets, selectors, clock, traffic, inTurn)
        .register(router);
    new AcknowledgeHandler(
            deliveries.acknowledgements(), sessions, domain.branches(), clock, inTurn)
        .register(router);
    new SubscriptionHandlers(deliveries.subscriptions(), selectors, lostConnections, inTurn)
        .register(router);
    new BrowseHandler(deliveries.browser(), selectors, clock, inTurn).register(router);
    new PopHandlers(
            deliveries.pops(),
            deliveries.popQuestions(),
            classicOffsets,
            selectors,
            lostConnections,
            clock,
            traffic,
            inTurn)
        .register(router);
  }

  LoopTurn loopTurn() {
    return loopTurn;
  }

  RequestRouter router() {
    return router;
  }

  String storeUuid() {
    return domain.started().storeUuid();
  }

  /** More of a queue may be delivered. */
  void served(ConsumeQueue queue) {
    domain.deliveries().served(queue);
    pulls.served(queue);
  }

  /** Logs what would be logged a little later, before the log is closed. In the turn. */
  void stopping() {
    classicOffsets.log();
  }

  ColdReads coldReads() {
    return coldReads;
  }

  /** What of the log is still needed. */
  List<LiveRecords> live() {
    return domain.live();
  }

  /** Everything that becomes due by time alone. */
  List<DueWork> works() {
    return List.of(
        heldAppends,
        domain.delayedDelivery(),
        domain.checkBack(),
        domain.branches(),
        domain.unfinishedCommits(),
        classicOffsets,
        pulls,
        domain.deliveries(),
        queues,
        rates,
        mornings,
        recent);
  }

  BrokerStatistics statistics() {
    return statistics.read();
  }
}
