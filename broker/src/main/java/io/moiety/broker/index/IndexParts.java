package io.moiety.broker.index;

import java.util.ArrayList;
import java.util.List;

/**
 * What the index consists of at one moment: every pair is in exactly one part. Immutable but for
 * the buffer that is being filled.
 *
 * @param runs in the order of the log
 * @param full buffers that wait to be written, in the order of the log, all behind the runs
 * @param filling behind all others
 */
record IndexParts(List<KeyRun> runs, List<PairBuffer> full, PairBuffer filling) {

  IndexParts {
    runs = List.copyOf(runs);
    full = List.copyOf(full);
  }

  /** The buffer that was being filled waits now, behind those that do; another is being filled. */
  IndexParts filled(PairBuffer next) {
    List<PairBuffer> waiting = new ArrayList<>(full);
    waiting.add(filling);
    return new IndexParts(runs, waiting, next);
  }

  /** A full buffer is a run now. */
  IndexParts written(PairBuffer buffer, KeyRun run) {
    List<KeyRun> more = new ArrayList<>(runs);
    more.add(run);
    List<PairBuffer> waiting = new ArrayList<>(full);
    waiting.remove(buffer);
    return new IndexParts(more, waiting, filling);
  }

  /**
   * Some runs give way to others.
   *
   * @param gone runs that follow each other
   * @param instead none or one
   */
  IndexParts replaced(List<KeyRun> gone, List<KeyRun> instead) {
    List<KeyRun> changed = new ArrayList<>(runs);
    int at = changed.indexOf(gone.get(0));
    changed.removeAll(gone);
    changed.addAll(at, instead);
    return new IndexParts(changed, full, filling);
  }

  IndexParts restored(KeyRun run) {
    List<KeyRun> more = new ArrayList<>(runs);
    more.add(run);
    return new IndexParts(more, full, filling);
  }
}
