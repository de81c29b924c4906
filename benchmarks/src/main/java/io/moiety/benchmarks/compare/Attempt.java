package io.moiety.benchmarks.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One measurement of one broker over a store of its own, which is gone afterwards. */
final class Attempt {

  private static final Logger LOG = System.getLogger(Attempt.class.getName());

  private Attempt() {}

  /** Measures with a fresh directory for a store. */
  @FunctionalInterface
  interface Measurement {

    void over(Path store) throws FigureException, IOException, InterruptedException;
  }

  /** What goes wrong is told under every row that would have had a figure. */
  static void of(
      Settings settings, Results results, Peer peer, List<Row> rows, Measurement measurement)
      throws InterruptedException {
    Path store = null;
    try {
      store = Files.createTempDirectory(settings.workDirectory(), "store-");
      measurement.over(store);
    } catch (FigureException | IOException | UncheckedIOException failure) {
      LOG.log(Level.WARNING, peer.title() + ": " + rows.get(0).label() + " failed: " + failure);
      String why = String.valueOf(failure.getMessage());
      rows.forEach(row -> results.failed(row, peer, why));
    } finally {
      delete(store);
    }
  }

  private static void delete(@Nullable Path directory) {
    if (directory == null) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.WARNING, "the store in " + directory + " cannot be deleted: " + e);
    }
  }
}
