package io.moiety.benchmarks.torture;

import io.moiety.client.ClientException;
import io.moiety.client.MoietyClient;
import io.moiety.client.Resolution;
import io.moiety.client.TransactionQuery;
import io.moiety.client.Verdict;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.body.TransactionListBody;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * What follows when the clients have ended: all that is decided is brought to its end by recovery
 * and check-back, what was left open is looked for and decided at last, and all of it is audited,
 * after one more kill. For one thread.
 */
final class Ending {
  private static final long SETTLE_LIMIT_NANOS = TimeUnit.MINUTES.toNanos(3);
  private static final long POLL_MILLIS = 250;

  /** Longer than any delay and some intervals of check-backs: what is to come has come. */
  private static final long QUIET_MILLIS = 6_000;

  private final RunDirectory run;
  private final BrokerChild broker;
  private final List<Trial> trials;
  private final Sightings sightings;
  private final List<String> findings = new ArrayList<>();

  /** What was found, and how many transactions had been left open. */
  record Settled(List<String> findings, int open) {}

  Ending(RunDirectory run, BrokerChild broker, List<Trial> trials, Sightings sightings) {
    this.run = run;
    this.broker = broker;
    this.trials = trials;
    this.sightings = sightings;
  }

  Settled settle() throws IOException, InterruptedException {
    AtomicBoolean ended = new AtomicBoolean();
    Thread deputy =
        new Thread(new Deputy(run, broker.address(), "torture-parent", ended::get), "deputy");
    deputy.start();
    int open;
    try {
      endWhatIsParked();
      awaitAll();
      broker.kill();
      broker.startAgain();
      open = decideWhatIsOpen();
      awaitAll();
      TimeUnit.MILLISECONDS.sleep(QUIET_MILLIS);
      drainInputs();
    } finally {
      ended.set(true);
      deputy.interrupt();
      deputy.join();
    }
    findings.addAll(audit().findings());
    return new Settled(findings, open);
  }

  /** Over the decisions as they are now; nobody else makes any, since all clients are gone. */
  private Audit audit() {
    Map<Integer, byte[]> decisionsByClient = new HashMap<>();
    return new Audit(
        trials,
        id ->
            Decisions.toldOfTheGone(
                decisionsByClient.computeIfAbsent(
                    id.client(), client -> Decisions.all(run, client)),
                id.number()),
        sightings::has);
  }

  /** Waits as long as something is missing and time is left; the audit names what is missing. */
  private void awaitAll() throws InterruptedException {
    long untilNanos = System.nanoTime() + SETTLE_LIMIT_NANOS;
    Audit audit = audit();
    while (audit.missing() > 0 && System.nanoTime() < untilNanos) {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    TimeUnit.MILLISECONDS.sleep(QUIET_MILLIS);
  }

  /**
   * The open branches must be listed, and nothing else; none of their messages and of the open half
   * messages may have been seen. Then they are decided, and every decision must be taken.
   */
  private int decideWhatIsOpen() throws IOException, InterruptedException {
    List<Trial> open =
        trials.stream()
            .filter(trial -> trial.mayBeListed() || trial.isOpenHalf())
            .filter(trial -> Decisions.told(run, trial.id()) == Decision.OPEN)
            .toList();
    try (Link link = Link.connect(broker.address(), "torture-ending", Names.INPUTS)) {
      Set<String> listed = listed(link);
      checkListed(open, listed);
      for (Trial trial : open) {
        if (trial.messages().stream().anyMatch(sightings::has)) {
          findings.add(trial + ": left open, and seen");
        }
        boolean there = trial.isOpenHalf() || listed.contains(trial.id().text());
        boolean commit = there && trial.id().number() % 2 == 0;
        try (Decisions decisions = Decisions.open(run, trial.id().client())) {
          decisions.decide(trial.id().number(), commit ? Decision.COMMIT : Decision.ROLLBACK);
        }
        if (there) {
          end(link.client(), trial, commit);
        }
      }
    }
    return open.size();
  }

  private void end(MoietyClient client, Trial trial, boolean commit) throws InterruptedException {
    BranchXid xid = trial.id().xid();
    try {
      if (trial.isOpenHalf()) {
        endHalf(client, trial, commit);
      } else if (commit) {
        Link.await(client.transactions().commit(xid));
      } else {
        Link.await(client.transactions().rollback(xid));
      }
    } catch (ClientException refused) {
      findings.add(trial + ": left open, and cannot be decided: " + refused.getMessage());
    }
  }

  /** As its producer; or, since nobody else can, as an administrator. */
  private static void endHalf(MoietyClient client, Trial trial, boolean commit)
      throws InterruptedException {
    if (isParked(client, trial)) {
      administrate(client, trial, commit);
      return;
    }
    try {
      Link.await(
          client
              .halfMessages()
              .end(trial.half(), commit ? Resolution.COMMIT : Resolution.ROLLBACK));
    } catch (ClientException refused) {
      if (!isParked(client, trial)) {
        throw refused;
      }
      administrate(client, trial, commit); // It was parked just now.
    }
  }

  private static boolean isParked(MoietyClient client, Trial trial) throws InterruptedException {
    return Link.await(client.administration().transaction(idOf(trial))).state().equals("PARKED");
  }

  private static void administrate(MoietyClient client, Trial trial, boolean commit)
      throws InterruptedException {
    Verdict verdict = commit ? Verdict.COMMIT : Verdict.ROLLBACK;
    Link.await(client.administration().decide(idOf(trial), verdict, Optional.of("torture")));
  }

  private static String idOf(Trial trial) {
    return Long.toString(trial.half().position());
  }

  /** What is parked nobody is asked about: what was decided of it is carried out here. */
  private void endWhatIsParked() throws InterruptedException {
    Map<String, Trial> trialByPosition = new HashMap<>();
    trials.stream()
        .filter(trial -> trial.isHalf() && trial.isStored())
        .forEach(trial -> trialByPosition.put(idOf(trial), trial));
    try (Link link = Link.connect(broker.address(), "torture-parked", Names.INPUTS)) {
      for (String id : parked(link.client())) {
        Trial trial = trialByPosition.get(id);
        Decision decision = trial == null ? Decision.ROLLBACK : Decisions.told(run, trial.id());
        if (trial != null && decision != Decision.OPEN) {
          administrate(link.client(), trial, decision == Decision.COMMIT);
        }
      }
    }
  }

  private static List<String> parked(MoietyClient client) throws InterruptedException {
    TransactionQuery query =
        new TransactionQuery(Set.of("PARKED"), Optional.empty(), Optional.empty(), Duration.ZERO);
    List<String> parked = new ArrayList<>();
    Optional<String> from = Optional.empty();
    do {
      TransactionListBody page = Link.await(client.administration().transactions(query, from));
      page.transactions().forEach(transaction -> parked.add(transaction.id()));
      from = Optional.ofNullable(page.next());
    } while (from.isPresent());
    return parked;
  }

  private void checkListed(List<Trial> open, Set<String> listed) {
    Set<String> wrong = new TreeSet<>(listed);
    for (Trial trial : open) {
      wrong.remove(trial.id().text());
      if (trial.mustBeListed() && !listed.contains(trial.id().text())) {
        findings.add(trial + ": prepared and undecided, and not listed");
      }
    }
    wrong.forEach(id -> findings.add("branch " + id + " is decided and still listed"));
  }

  private static Set<String> listed(Link link) throws InterruptedException {
    return Link.await(link.client().transactions().recover()).stream()
        .flatMap(xid -> TrialId.of(xid).map(TrialId::text).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Sees what nobody has consumed. */
  private void drainInputs() throws InterruptedException {
    AtomicBoolean ended = new AtomicBoolean();
    Observer drain = new Observer(broker.address(), Names.INPUTS, sightings, ended::get);
    Thread thread = new Thread(drain, "drain");
    thread.start();
    int before;
    do {
      before = sightings.count();
      TimeUnit.MILLISECONDS.sleep(QUIET_MILLIS / 2);
    } while (sightings.count() > before);
    ended.set(true);
    thread.join();
  }
}
