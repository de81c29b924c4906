package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.retention.Looks;
import io.moiety.broker.store.Journal.Logged;
import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.transaction.AdministratorDecisions.Verdict;
import io.moiety.protocol.Command;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Half messages over a {@link TestStore}, with a producer that is asked, an administrator, and one
 * who listens to every answer.
 */
final class HalfBench implements AutoCloseable {
  static final int MAX_CHECKS = 3;
  static final long INTERVAL_MILLIS = 30_000;
  static final long UNASKED_MILLIS = 3_600_000;

  /** Longer than any pause between two checks. */
  static final long LONG_MILLIS = 8 * INTERVAL_MILLIS;

  private final Path directory;
  TestStore store;
  Resolver resolver;
  CheckBack checkBack;
  AdministratorDecisions administrator;
  HalfOutcomes outcomes;
  TransactionListing listing;
  boolean producerConnected = true;
  boolean producerReads = true;

  /** What the producer was asked. */
  final List<Command> checks = new ArrayList<>();

  /** What those who decided were answered. */
  final List<Resolver.Answer> answers = new ArrayList<>();

  private HalfBench(Path directory) {
    this.directory = directory;
    begin(TestStore.open(directory));
  }

  static HalfBench open(Path directory) {
    return new HalfBench(directory);
  }

  private void begin(TestStore opened) {
    store = opened;
    resolver =
        new Resolver(
            store.halves,
            store.completion,
            store.store,
            position -> Optional.of(store.find(position)),
            store.store);
    checkBack =
        new CheckBack(
            store.halves,
            store.store,
            store.coldReads,
            store.store,
            new Producer(),
            store.store::servedPosition,
            new CheckBack.Settings(INTERVAL_MILLIS, MAX_CHECKS, UNASKED_MILLIS));
    administrator =
        new AdministratorDecisions(
            store.halves, resolver, checkBack, store.decisions, store.store, store.store);
    outcomes = new HalfOutcomes(store.halves, store.store);
    listing = new TransactionListing(store.halves, store.branches, store.decided);
  }

  /** The only member of every group. */
  private final class Producer implements CheckSender {

    @Override
    public int send(
        String producerGroup, InetSocketAddress origin, int checksBefore, Command check) {
      boolean taken = producerConnected && producerReads;
      if (taken) {
        checks.add(check);
      }
      return taken ? 1 : 0;
    }

    @Override
    public boolean mayReach(String producerGroup) {
      return producerConnected;
    }
  }

  @Override
  public void close() {
    store.close();
  }

  /** The broker starts again from its log. */
  void reopen() {
    store.close();
    begin(TestStore.open(directory));
  }

  /** Copies what is needed of the log's begin; how many records. */
  int carryForward(long endPosition) {
    int copies = 0;
    for (RecordSpan span : Looks.at(List.of(store.halves), endPosition).orElseThrow()) {
      RecordView record = store.store.read(span.position(), span.sizeBytes());
      if (store.halves.isLive(record)) {
        store.store.carry(record);
        copies++;
      }
    }
    store.flush();
    return copies;
  }

  Logged half(String body) {
    return half(body, MessageProperties.empty());
  }

  Logged half(String body, MessageProperties own) {
    return store.store.put(
        store
            .draft(SystemTopics.HALF, body)
            .withProperties(
                own.with(PropertyNames.REAL_TOPIC, "orders")
                    .with(PropertyNames.REAL_QUEUE_ID, "0")
                    .with(PropertyNames.PRODUCER_GROUP, "shop")
                    .with(PropertyNames.UNIQUE_KEY, "K" + body)));
  }

  Resolver.Target target(Logged half, String body) {
    return new Resolver.Target(half.position(), half.queueOffset(), "shop", "K" + body);
  }

  void resolve(Logged half, String body, boolean commit) {
    resolver.resolve(target(half, body), commit, store.now(), answers::add);
    store.flush();
  }

  /** Until the half message is put aside. */
  void askInVain() {
    for (int i = 0; i <= MAX_CHECKS; i++) {
      store.wallMillis.addAndGet(LONG_MILLIS);
      checkBack.run(store.now());
    }
    store.flush();
  }

  /** Time passes, and what is due is looked at. */
  void lookUntil(long millis) {
    while (store.now() < millis) {
      checkBack.run(store.now());
      store.wallMillis.set(Math.min(millis, store.now() + INTERVAL_MILLIS));
    }
    checkBack.run(store.now());
  }

  List<AdministratorAnswer> decide(Logged half, Verdict verdict) {
    List<AdministratorAnswer> told = new ArrayList<>();
    administrator.decide(
        new TransactionId.Half(half.position()), verdict, "ann", store.now(), told::add);
    store.flush();
    return told;
  }

  HalfState outcome(Logged half) {
    List<HalfOutcomes.Answer> told = new ArrayList<>();
    outcomes.outcome(List.of(half.position()), told::add);
    store.flush();
    assertThat(told).hasSize(1);
    return ((HalfOutcomes.Answer.Known) told.get(0)).state();
  }

  /** The record that ended a half message. */
  RecordView resolution(Logged half) {
    return store.find(store.halves.resolution(half.position()).orElseThrow().position());
  }

  /** Positions of all that is listed, two a page. */
  List<Long> listed(ListingCursor.Section section) {
    List<Long> positions = new ArrayList<>();
    Optional<ListingCursor> from = Optional.of(ListingCursor.start(section));
    while (from.isPresent()) {
      TransactionListing.Page page = listing.page(ListingCursor.parse(from.get().toText()), 2);
      assertThat(page.transactions()).hasSizeLessThanOrEqualTo(2);
      page.transactions().forEach(known -> positions.add(positionOf(known)));
      from = page.next();
    }
    return positions;
  }

  private static long positionOf(KnownTransaction known) {
    return known instanceof KnownTransaction.OpenHalf half
        ? half.position()
        : ((KnownTransaction.EndedHalf) known).position();
  }
}
