package io.moiety.benchmarks.torture;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.moiety.benchmarks.torture.History.Event;
import io.moiety.client.Branch;
import io.moiety.client.BranchCounts;
import io.moiety.client.BranchState;
import io.moiety.client.ClientException;
import io.moiety.client.Delivery;
import io.moiety.client.SendReceipt;
import io.moiety.protocol.BranchXid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.transaction.xa.XAResource;

/** Transactions of one XA branch, with transaction managers of every kind. For one thread. */
final class BranchTrials {
  private static final Duration BRANCH_TIMEOUT = Duration.ofSeconds(60);
  private static final int MAX_SENDS = 3;

  /** Of so many one stays prepared until the end of the run. */
  private static final int OPEN_ONE_OF = 400;

  /** Of so many one is decided by an administrator. */
  private static final int ADMINISTERED_ONE_OF = 60;

  private final Application application;
  private final Administrator administrator;
  private final Random random;

  BranchTrials(Application application, Administrator administrator, Random random) {
    this.application = application;
    this.administrator = administrator;
    this.random = random;
  }

  void run(int number) throws InterruptedException {
    BranchKind kind = kind();
    int sends = 1 + random.nextInt(MAX_SENDS);
    application.tell(number, Event.BRANCH, kind + " " + sends);
    BranchCounts counts;
    try {
      counts = work(number, sends);
      if (kind == BranchKind.TWO_PHASES
          || kind == BranchKind.VANISH_PREPARED
          || kind == BranchKind.OPEN
          || kind == BranchKind.ADMINISTERED) {
        Link.await(application.link().client().transactions().prepare(xid(number), counts));
        application.tell(number, Event.PREPARED, "");
      }
    } catch (ClientException failed) {
      application.decide(number, Decision.ROLLBACK);
      throw failed;
    }
    decide(number, kind, counts);
  }

  private void decide(int number, BranchKind kind, BranchCounts counts)
      throws InterruptedException {
    boolean commit = random.nextInt(3) > 0;
    switch (kind) {
      case TWO_PHASES -> {
        application.decide(number, commit ? Decision.COMMIT : Decision.ROLLBACK);
        tell(number, commit);
        if (random.nextInt(4) == 0) {
          tell(number, commit);
        }
      }
      case ONE_PHASE -> onePhase(number, counts);
      case VANISH_ACTIVE -> {
        application.decide(number, Decision.ROLLBACK);
        application.reconnect();
      }
      case VANISH_PREPARED ->
          application.decide(number, commit ? Decision.COMMIT : Decision.ROLLBACK);
      case ROLLBACK_ACTIVE -> {
        application.decide(number, Decision.ROLLBACK);
        tell(number, false);
      }
      case OPEN -> application.decide(number, Decision.OPEN);
      case ADMINISTERED -> {
        application.decide(number, commit ? Decision.COMMIT : Decision.ROLLBACK);
        administrator.decide(number, xid(number).toText(), commit);
      }
    }
  }

  private void tell(int number, boolean commit) throws InterruptedException {
    application.insist(
        number,
        commit ? "COMMIT" : "ROLLBACK",
        client ->
            commit
                ? client.transactions().commit(xid(number))
                : client.transactions().rollback(xid(number)));
  }

  /** One attempt; when its answer is lost, the broker is asked what became of it. */
  private void onePhase(int number, BranchCounts counts) throws InterruptedException {
    try {
      Link.await(application.link().client().transactions().commitOnePhase(xid(number), counts));
      application.tell(number, Event.DONE, "COMMIT");
    } catch (ClientException failure) {
      if (Application.isDefinite(failure)) {
        application.tell(number, Event.REFUSED, "COMMIT: " + failure.getMessage());
        return;
      }
      application.reconnect();
      BranchState state =
          Link.await(application.link().client().transactions().outcome(xid(number)));
      application.tell(number, Event.OUTCOME, state.name());
    }
  }

  private BranchCounts work(int number, int sends) throws InterruptedException {
    Branch branch =
        Link.await(
            application
                .link()
                .client()
                .transactions()
                .start(xid(number), XAResource.TMNOFLAGS, BRANCH_TIMEOUT));
    List<CompletableFuture<SendReceipt>> sent = new ArrayList<>();
    for (int ordinal = 1; ordinal <= sends; ordinal++) {
      sent.add(
          application
              .link()
              .client()
              .send(
                  application.message(
                      application.output(), number, ordinal, Optional.of(branch.part(ordinal)))));
    }
    int acks = random.nextInt(3) == 0 ? consume(number, branch) : 0;
    for (CompletableFuture<SendReceipt> answer : sent) {
      Link.await(answer);
    }
    Link.await(application.link().client().transactions().end(branch, XAResource.TMSUCCESS));
    return new BranchCounts(sends, acks);
  }

  /** Takes an input into the branch, if there is one. */
  private int consume(int number, Branch branch) throws InterruptedException {
    List<Delivery> input = application.link().receive(1, 0);
    if (input.isEmpty()) {
      return 0;
    }
    String body = US_ASCII.decode(input.get(0).record().body()).toString();
    application.tell(number, Event.TOOK, body.substring(0, body.indexOf('|')));
    application.link().acknowledge(input, Optional.of(branch));
    return 1;
  }

  private BranchKind kind() {
    if (random.nextInt(OPEN_ONE_OF) == 0) {
      return BranchKind.OPEN;
    }
    if (random.nextInt(ADMINISTERED_ONE_OF) == 0) {
      return BranchKind.ADMINISTERED;
    }
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> BranchKind.ONE_PHASE;
      case 3 -> BranchKind.VANISH_ACTIVE;
      case 4 -> BranchKind.VANISH_PREPARED;
      case 5 -> BranchKind.ROLLBACK_ACTIVE;
      default -> BranchKind.TWO_PHASES;
    };
  }

  private BranchXid xid(int number) {
    return application.id(number).xid();
  }
}
