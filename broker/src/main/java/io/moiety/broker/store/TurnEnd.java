package io.moiety.broker.store;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * What happens in the turn after each batch of tasks: what was appended becomes served as far as it
 * may be, then work that is due now is done, then one force is asked for all that is new, and the
 * timer is set to when something is due next.
 *
 * <p>Owner: the store turn.
 */
public final class TurnEnd implements Runnable {
  private static final Logger LOG = System.getLogger(TurnEnd.class.getName());

  /** Without forcing, work may serve itself new work; some of it is left to the next batch. */
  private static final int MAX_ROUNDS = 4;

  private final BrokerClock clock;
  private final Store store;
  private final LongConsumer served;
  private final LongConsumer wakeAtMillis;
  private final List<GuardedWork> works;

  /**
   * Puts the steps together.
   *
   * @param served told the served position after every batch
   * @param wakeAtMillis told when the turn must be taken again at the latest
   */
  public TurnEnd(
      BrokerClock clock,
      Store store,
      LongConsumer served,
      LongConsumer wakeAtMillis,
      List<DueWork> works) {
    this.clock = clock;
    this.store = store;
    this.served = served;
    this.wakeAtMillis = wakeAtMillis;
    this.works = works.stream().map(GuardedWork::new).toList();
  }

  @Override
  public void run() {
    long nowMillis = clock.nowMillis();
    int rounds = 0;
    do {
      store.publish(nowMillis);
      tellServed();
      works.forEach(work -> work.run(nowMillis));
      rounds++;
    } while (store.hasUnpublished() && rounds < MAX_ROUNDS);
    store.forceAppended();
    long nextMillis = store.hasUnpublished() ? nowMillis : store.nextDueMillis();
    for (GuardedWork work : works) {
      nextMillis = Math.min(nextMillis, work.nextDueMillis(nowMillis));
    }
    wakeAtMillis.accept(nextMillis);
  }

  /** A broad catch: what else is due, and the force, have no part in a listener's failure. */
  private void tellServed() {
    try {
      served.accept(store.servedPosition());
    } catch (RuntimeException failure) {
      LOG.log(Level.ERROR, "Some of those who wait for messages could not be served", failure);
    }
  }
}
