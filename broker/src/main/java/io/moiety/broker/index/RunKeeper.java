package io.moiety.broker.index;

import io.moiety.broker.log.ForceFailedException;
import io.moiety.broker.snapshot.ViewFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The files of the index: writes full buffers as runs, merges runs, and deletes what no snapshot
 * names any more. Separate from {@link KeyIndex}, which belongs to another thread.
 *
 * <p>Confined to the view thread. What it makes is published through the parts of the index, which
 * the store turn changes too.
 */
final class RunKeeper {
  private static final Logger LOG = System.getLogger(RunKeeper.class.getName());
  private static final String UNFINISHED = RunFormat.UNFINISHED + "-run";

  private final ViewFiles files;
  private final SharedParts parts;
  private final MergePolicy policy;
  private final List<Retired> retired = new ArrayList<>();
  private Optional<RunMerge> merge = Optional.empty();
  private Optional<Executor> merging = Optional.empty();
  private Consumer<String> damaged = what -> {};

  /** At most one for each run that there was; read by any thread. */
  private volatile List<Gap> gaps = List.of();

  private long keptFrom;
  private long snapshots;

  /** A run that newer ones have replaced; snapshots up to this number may name it. */
  private record Retired(String name, long lastSnapshot) {}

  /** A run was dropped, and what lies from the first position to before the end is not found. */
  private record Gap(long firstPosition, long endPosition) {
    @Override
    public String toString() {
      return "%d to %d".formatted(firstPosition, endPosition);
    }
  }

  RunKeeper(ViewFiles files, SharedParts parts, MergePolicy policy) {
    this.files = files;
    this.parts = parts;
    this.policy = policy;
  }

  /**
   * Writes the waiting buffers up to this one. Tried again it goes on where it failed.
   *
   * @throws UncheckedIOException when the disk does not take them
   */
  void write(PairBuffer last) {
    for (PairBuffer buffer : parts.get().full()) {
      writeOne(buffer);
      if (buffer == last) {
        break;
      }
    }
    mergeMore();
  }

  /** As {@link #write} for all that wait. */
  void writeAll() {
    parts.get().full().forEach(this::writeOne);
    mergeMore();
  }

  private void writeOne(PairBuffer buffer) {
    long first = buffer.position(0);
    long end = buffer.position(buffer.count() - 1) + 1;
    try (RunWriter writer = RunWriter.open(files, UNFINISHED, first, end)) {
      long[] pairs = buffer.sorted();
      for (int at = 0; at < pairs.length; at += 2) {
        writer.add(pairs[at], pairs[at + 1]);
      }
      writer.complete();
      KeyRun run = writer.publish(UNFINISHED);
      parts.change(before -> before.written(buffer, run));
    } catch (IOException failure) {
      throw new UncheckedIOException(
          "the key index cannot be written: " + failure.getMessage(), failure);
    }
  }

  /** Everything before this position is gone from the log. */
  void forgetBefore(long firstPosition) {
    keptFrom = firstPosition;
    gaps = gaps.stream().filter(gap -> gap.endPosition() > firstPosition).toList();
    List<KeyRun> gone =
        parts.get().runs().stream().filter(run -> run.endPosition() <= firstPosition).toList();
    if (!gone.isEmpty()) {
      merge.ifPresent(this::abandon);
      retire(gone, List.of());
    }
  }

  /** The runs as they are now will be named by a snapshot, which has this number. */
  long nextSnapshot() {
    snapshots++;
    return snapshots;
  }

  /** This snapshot is durable: what was replaced before it was taken is named by none. */
  void snapshotDurable(long number) {
    for (Retired run : List.copyOf(retired)) {
      if (run.lastSnapshot() < number) {
        retired.remove(run);
        delete(run.name());
      }
    }
  }

  /** The broker runs: there is time to merge, and to delete what no snapshot names. */
  void begin(Executor viewThread, Consumer<String> newDamaged) {
    damaged = newDamaged;
    deleteLeftovers();
    merging = Optional.of(viewThread);
    mergeMore();
  }

  /**
   * A run that cannot be read leaves the index, so that it neither fails each search nor keeps its
   * neighbours from being merged. The next start builds the index anew.
   */
  void drop(RunDamagedException damage) {
    KeyRun run = damage.run();
    if (!parts.get().runs().contains(run)) {
      return; // Another search found it too.
    }
    merge.ifPresent(this::abandon);
    List<Gap> more = new ArrayList<>(gaps);
    more.add(new Gap(run.firstPosition(), run.endPosition()));
    gaps = List.copyOf(more);
    retire(List.of(run), List.of());
    damaged.accept(
        "%s; messages at positions %s are not found by key"
            .formatted(damage.getMessage(), more.get(more.size() - 1)));
    mergeMore();
  }

  /** Which positions of the log have left the index. Any thread. */
  Optional<String> gaps() {
    List<Gap> now = gaps;
    return now.isEmpty()
        ? Optional.empty()
        : Optional.of(now.stream().map(Gap::toString).collect(Collectors.joining(", ")));
  }

  private void deleteLeftovers() {
    Set<String> named = new HashSet<>();
    parts.get().runs().forEach(run -> named.add(run.name()));
    retired.forEach(run -> named.add(run.name()));
    try {
      for (String name : files.list()) {
        if (name.startsWith(RunFormat.PREFIX) && !named.contains(name)) {
          delete(name);
        }
      }
    } catch (IOException failure) {
      LOG.log(Level.WARNING, "The files of the key index cannot be listed", failure);
    }
  }

  private void mergeMore() {
    if (merging.isEmpty() || merge.isPresent()) {
      return;
    }
    List<KeyRun> sources = policy.choose(parts.get().runs());
    if (!sources.isEmpty()) {
      try {
        merge = Optional.of(RunMerge.open(files, sources, keptFrom));
        merging.orElseThrow().execute(this::mergeSlice);
      } catch (RunDamagedException damage) {
        drop(damage);
      } catch (ForceFailedException failed) {
        throw new UncheckedIOException(failed);
      } catch (IOException failure) {
        notMerged(failure);
      }
    }
  }

  private void mergeSlice() {
    if (merge.isEmpty()) {
      return;
    }
    RunMerge current = merge.get();
    boolean complete;
    try {
      complete = current.slice();
    } catch (RunDamagedException damage) {
      drop(damage);
      return;
    } catch (IOException failure) {
      notMerged(failure);
      abandon(current);
      return;
    }
    if (!complete) {
      merging.orElseThrow().execute(this::mergeSlice);
    } else if (current.isEmpty()) {
      abandon(current);
      retire(current.sources(), List.of());
    } else {
      publish(current);
      mergeMore();
    }
  }

  private void publish(RunMerge complete) {
    merge = Optional.empty();
    try {
      retire(complete.sources(), List.of(complete.publish()));
    } catch (IOException failure) {
      throw new UncheckedIOException(
          "the key index cannot be merged: " + failure.getMessage(), failure);
    }
  }

  private void abandon(RunMerge current) {
    merge = Optional.empty();
    close(current);
  }

  private void retire(List<KeyRun> gone, List<KeyRun> instead) {
    parts.change(before -> before.replaced(gone, instead));
    for (KeyRun run : gone) {
      retired.add(new Retired(run.name(), snapshots));
      try {
        run.release();
      } catch (IOException failure) {
        LOG.log(Level.WARNING, run.name() + " of the key index cannot be closed", failure);
      }
    }
  }

  /** Deleting is not urgent: what stays is deleted at the next start. */
  private void delete(String name) {
    try {
      files.delete(name);
    } catch (ForceFailedException failed) {
      throw new UncheckedIOException(failed);
    } catch (IOException failure) {
      LOG.log(Level.WARNING, name + " of the key index cannot be deleted", failure);
    }
  }

  private static void notMerged(IOException failure) {
    LOG.log(
        Level.WARNING,
        "Files of the key index cannot be merged now, which will be tried again: "
            + failure.getMessage());
  }

  private static void close(RunMerge current) {
    try {
      current.close();
    } catch (IOException failure) {
      LOG.log(Level.WARNING, "An unfinished file of the key index cannot be closed", failure);
    }
  }
}
