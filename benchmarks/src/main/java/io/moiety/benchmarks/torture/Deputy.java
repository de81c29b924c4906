package io.moiety.benchmarks.torture;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moiety.client.CheckBack;
import io.moiety.client.ClientException;
import io.moiety.client.MoietyClient;
import io.moiety.client.Resolution;
import io.moiety.client.XaFailure;
import io.moiety.protocol.BranchXid;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.transaction.xa.XAException;

/**
 * Ends what others left: answers the broker's questions about half messages, also for members of
 * the group that are gone, and has branches recovered, as a transaction manager does. It goes by
 * the decisions alone. On a thread of its own, which calls {@link #run}.
 */
final class Deputy implements Runnable {
  /** Whom the broker asks. */
  static final String PRODUCER_GROUP = "torture";

  private static final long RECOVERY_MILLIS = 500;

  private final RunDirectory run;
  private final String address;
  private final String clientId;
  private final BooleanSupplier ended;
  private final ExecutorService answers =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "torture-answers");
            thread.setDaemon(true);
            return thread;
          });

  Deputy(RunDirectory run, String address, String clientId, BooleanSupplier ended) {
    this.run = run;
    this.address = address;
    this.clientId = clientId;
    this.ended = ended;
  }

  @Override
  public void run() {
    try {
      while (!ended.getAsBoolean()) {
        serve();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      answers.shutdownNow();
    }
  }

  /** Until the broker is gone, or the run is over. */
  private void serve() throws InterruptedException {
    try (Link link = Link.connect(address, clientId, Names.INPUTS)) {
      Link.await(
          link.client()
              .halfMessages()
              .register(PRODUCER_GROUP, check -> answers.execute(() -> answer(check))));
      while (!ended.getAsBoolean()) {
        recover(link.client());
        TimeUnit.MILLISECONDS.sleep(RECOVERY_MILLIS);
      }
    } catch (ClientException lost) {
      TimeUnit.MILLISECONDS.sleep(RECOVERY_MILLIS);
    }
  }

  private void recover(MoietyClient client) throws InterruptedException {
    for (BranchXid xid : Link.await(client.transactions().recover())) {
      Optional<Decision> decision = TrialId.of(xid).map(id -> Decisions.told(run, id));
      if (decision.isEmpty()) {
        continue;
      }
      switch (decision.get()) {
        case COMMIT -> carryOut(client, xid, true);
        case ROLLBACK -> carryOut(client, xid, false);
        case NONE, OPEN -> {}
      }
    }
  }

  /** What an administrator decided before is forgotten, as it was decided the same way. */
  private static void carryOut(MoietyClient client, BranchXid xid, boolean commit)
      throws InterruptedException {
    try {
      Link.await(commit ? client.transactions().commit(xid) : client.transactions().rollback(xid));
    } catch (XaFailure failure) {
      int heuristic = commit ? XAException.XA_HEURCOM : XAException.XA_HEURRB;
      int other = commit ? XAException.XA_HEURRB : XAException.XA_HEURCOM;
      if (failure.xaError() == other) {
        throw new IllegalStateException(
            "branch " + xid + " was decided otherwise by an administrator", failure);
      }
      if (failure.xaError() != heuristic) {
        throw failure;
      }
      forget(client, xid);
    }
  }

  /** Somebody else may have done so. */
  private static void forget(MoietyClient client, BranchXid xid) throws InterruptedException {
    try {
      Link.await(client.transactions().forget(xid));
    } catch (XaFailure failure) {
      if (failure.xaError() != XAException.XAER_NOTA) {
        throw failure;
      }
    }
  }

  private void answer(CheckBack check) {
    String body = UTF_8.decode(check.record().body()).toString();
    Decision decision =
        TrialId.parse(body).map(id -> Decisions.told(run, id)).orElse(Decision.NONE);
    Resolution resolution =
        switch (decision) {
          case COMMIT -> Resolution.COMMIT;
          case ROLLBACK -> Resolution.ROLLBACK;
          case NONE, OPEN -> Resolution.UNKNOWN;
        };
    check.answer(resolution).exceptionally(lost -> null); // The broker will ask again.
  }
}
