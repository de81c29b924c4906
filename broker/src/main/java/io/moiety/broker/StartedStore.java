package io.moiety.broker;

import io.moiety.broker.log.CommitLog;
import io.moiety.broker.snapshot.BlockFile;
import io.moiety.broker.snapshot.Snapshots;
import io.moiety.broker.store.Base;
import io.moiety.broker.store.Store;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A store whose views are at the end of its log: from the newest snapshot on, or, when none can be
 * used or the files that it names turn out to be damaged, from the whole log. Everything in these
 * files is in the log too, so damage there makes a start slow and never stops it.
 *
 * @param restored what the views began with
 */
record StartedStore(Store store, Snapshots.Restored<Views> restored) {
  private static final Logger LOG = System.getLogger(StartedStore.class.getName());

  /**
   * Restores and replays. On a thread that may wait for files and is not interrupted.
   *
   * @param empty makes views that know nothing
   * @param over makes the store over views
   */
  static StartedStore open(
      CommitLog log,
      BlockFile blocks,
      Snapshots snapshots,
      Supplier<Views> empty,
      Function<Views, Store> over)
      throws IOException {
    Supplier<Views> fresh =
        () -> {
          blocks.retainNothing();
          return empty.get();
        };
    Snapshots.Restored<Views> newest =
        snapshots.restoreNewest(fresh, Views::stored, base -> base.isIn(log));
    if (newest.base().isPresent()) {
      Store store = over.apply(newest.views());
      Optional<String> trouble = replayFrom(store, newest.base().get(), blocks);
      if (trouble.isEmpty()) {
        return new StartedStore(store, newest);
      }
      newest.views().keys().close();
      LOG.log(
          Level.WARNING,
          "The views are damaged, so they are built from the whole log, which takes longer: {0}",
          trouble.get());
      newest = snapshots.restoreNothing(fresh);
    }
    Store store = over.apply(newest.views());
    store.replay();
    return new StartedStore(store, newest);
  }

  /** Why the views are of no use; empty when they are at the end of the log. */
  private static Optional<String> replayFrom(Store store, Base base, BlockFile blocks) {
    try {
      boolean whole = store.replayFrom(base);
      return whole
          ? blocks.damage()
          : Optional.of("the base at position %d is not whole".formatted(base.position()));
    } catch (RuntimeException failure) {
      // Broad, since a view may fail in any way over a block; what else failed is thrown on.
      return Optional.of(blocks.damage().orElseThrow(() -> failure));
    }
  }
}
