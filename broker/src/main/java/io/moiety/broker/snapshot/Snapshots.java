package io.moiety.broker.snapshot;

import io.moiety.broker.store.Base;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The snapshots of a store, one file each, named by the position of their base. One is enough; a
 * stop may leave two.
 *
 * <p>Used by the starting thread's file thread, then by the view thread. Holds no state.
 */
public final class Snapshots {
  private static final Logger LOG = System.getLogger(Snapshots.class.getName());
  private static final String TEMPORARY = "snapshot.tmp";
  private static final Pattern NAME = Pattern.compile("snapshot-\\d{20}");

  private final ViewFiles files;

  public Snapshots(ViewFiles files) {
    this.files = files;
  }

  /**
   * Views as a start begins with them.
   *
   * @param base whose records come first in the replay, and the views are as of its begin; empty
   *     when all of the log is to be replayed into views that know nothing
   * @param sizeBytes of the snapshot
   */
  public record Restored<V>(V views, Optional<Base> base, long sizeBytes) {}

  /**
   * Restores the newest snapshot that can be used; what cannot be is passed over with a warning.
   * All others are removed, since blocks that they name may be written over from now on.
   *
   * @param empty makes views that know nothing; again for each snapshot that failed half-way
   * @param isInLog whether the log has the base, all of it
   */
  public <V> Restored<V> restoreNewest(
      Supplier<V> empty, Function<V, List<StoredView>> stored, Predicate<Base> isInLog)
      throws IOException {
    for (String name : names()) {
      V views = empty.get();
      try (ViewFile file = files.open(name)) {
        Base base = SnapshotFile.check(file);
        if (!isInLog.test(base)) {
          throw new IOException("its base is not in this log");
        }
        SnapshotFile.restore(file, stored.apply(views));
        deleteAllBut(name);
        return new Restored<>(views, Optional.of(base), file.sizeBytes());
      } catch (IOException | RuntimeException unusable) {
        // Broad, since a view may fail in any way over what it did not write; the log has it all.
        LOG.log(
            Level.WARNING,
            "The snapshot {0} cannot be used, so more of the log is read: {1}",
            name,
            String.valueOf(unusable.getMessage()));
      }
    }
    return restoreNothing(empty);
  }

  /** Begins with views that know nothing; all snapshots are removed. */
  public <V> Restored<V> restoreNothing(Supplier<V> empty) throws IOException {
    V views = empty.get();
    deleteAll();
    return new Restored<>(views, Optional.empty(), 0);
  }

  /** From now on a start reads the whole log. */
  void deleteAll() throws IOException {
    deleteAllBut("");
  }

  /**
   * Writes a snapshot whose base is durable, and removes all others. When this returns it is
   * durable; when it throws, an older one may still be there.
   *
   * @return its size in bytes
   */
  long write(Captured captured) throws IOException {
    String name = nameOf(captured.base());
    files.delete(TEMPORARY);
    long sizeBytes;
    try (ViewFile file = files.open(TEMPORARY)) {
      SnapshotFile.write(captured, file);
      file.force();
      sizeBytes = file.sizeBytes();
    }
    files.rename(TEMPORARY, name);
    deleteAllBut(name);
    captured.released();
    return sizeBytes;
  }

  /** Gives the room of a snapshot back that could not be written. */
  void discardUnfinished() throws IOException {
    files.delete(TEMPORARY);
  }

  private void deleteAllBut(String kept) throws IOException {
    for (String name : names()) {
      if (!name.equals(kept)) {
        files.delete(name);
      }
    }
  }

  private static String nameOf(Base base) {
    return "snapshot-%020d".formatted(base.position());
  }

  /** Newest first. */
  private List<String> names() throws IOException {
    return files.list().stream()
        .filter(name -> NAME.matcher(name).matches())
        .sorted(Comparator.reverseOrder())
        .toList();
  }
}
