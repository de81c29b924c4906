package io.moiety.broker.store;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Keeps the disk out of the turn: knows which records were appended or read lately, so that reading
 * them does not wait, and has others read on reader threads. What these read is thrown away; it is
 * in the page cache then, where the turn finds it.
 *
 * <p>It goes by windows of the log, since records that are wanted one after the other lie near each
 * other. That a window is warm is a good guess and no promise: the kernel may have dropped it.
 *
 * <p>Owner: the store turn. Reader threads only touch the log.
 */
public final class ColdReads {
  private static final Logger LOG = System.getLogger(ColdReads.class.getName());

  private final Source log;
  private final LongSupplier endPosition;
  private final long startPosition;
  private final Settings settings;
  private final Executor readers;
  private final Consumer<Runnable> turn;

  /** By number, the longest unused first. */
  private final Map<Long, Boolean> warm =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
          return size() > settings.maxWindows();
        }
      };

  /** Brings a part of the log to the page cache. Any thread; may wait for the disk. */
  @FunctionalInterface
  public interface Source {
    /** Reads what the log holds of these bytes. */
    void bringToCache(long position, int sizeBytes);
  }

  /**
   * What counts as warm.
   *
   * @param recentBytes how much of what this run appended last
   * @param windowBytes what is read at a time
   * @param maxWindows how many windows that were read are remembered
   */
  public record Settings(long recentBytes, int windowBytes, int maxWindows) {
    /** 64 MiB appended last, 256 MiB read last, in windows of 32 KiB. */
    public static Settings defaults() {
      return new Settings(64L * 1024 * 1024, 32 * 1024, 8 * 1024);
    }
  }

  /**
   * Reads of a log.
   *
   * @param endPosition the end of the log; what lies before its value now is cold
   * @param readers refuses when too much waits
   * @param turn takes what is to be done in the turn
   */
  public ColdReads(
      Source log,
      LongSupplier endPosition,
      Settings settings,
      Executor readers,
      Consumer<Runnable> turn) {
    this.log = log;
    this.endPosition = endPosition;
    this.startPosition = endPosition.getAsLong();
    this.settings = settings;
    this.readers = readers;
    this.turn = turn;
  }

  /** Whether this run appended it lately. */
  public boolean isRecent(RecordSpan record) {
    return record.position()
        >= Math.max(startPosition, endPosition.getAsLong() - settings.recentBytes());
  }

  /** Whether reading it will hardly wait for the disk. */
  public boolean isWarm(RecordSpan record) {
    if (isRecent(record)) {
      return true;
    }
    long last = lastWindow(record);
    for (long window = firstWindow(record); window <= last; window++) {
      if (warm.get(window) == null) {
        return false;
      }
    }
    return true;
  }

  /** Those that are not warm. */
  public List<RecordSpan> coldOf(List<RecordSpan> records) {
    return records.stream().filter(record -> !isWarm(record)).toList();
  }

  /**
   * Has records read elsewhere.
   *
   * @param whenRead runs in the turn when they are warm, or cannot be read, which is told to
   *     whoever reads them then
   * @return false when too much waits to be read: the caller may as well read now
   */
  public boolean read(List<RecordSpan> records, Runnable whenRead) {
    List<Long> windows = coldWindows(records);
    return elsewhere(
        () -> windows.forEach(this::readWindow),
        () -> {
          windows.forEach(window -> warm.put(window, true));
          whenRead.run();
        });
  }

  /**
   * Has something else read elsewhere.
   *
   * @param reading runs on a thread that may wait for the disk; its failures are its own
   * @param whenRead runs in the turn behind it
   * @return false when too much waits to be read: the caller may as well read now
   */
  public boolean elsewhere(Runnable reading, Runnable whenRead) {
    try {
      readers.execute(
          () -> {
            reading.run();
            turn.accept(whenRead);
          });
      return true;
    } catch (RejectedExecutionException full) {
      return false;
    }
  }

  private List<Long> coldWindows(List<RecordSpan> records) {
    TreeSet<Long> windows = new TreeSet<>();
    for (RecordSpan record : records) {
      long last = lastWindow(record);
      for (long window = firstWindow(record); window <= last; window++) {
        windows.add(window);
      }
    }
    return new ArrayList<>(windows);
  }

  /** A broad catch, since whoever waits for the read must be told that it is over. */
  private void readWindow(long window) {
    try {
      log.bringToCache(window * settings.windowBytes(), settings.windowBytes());
    } catch (RuntimeException failure) {
      LOG.log(
          Level.DEBUG,
          "The log cannot be read ahead at " + window * settings.windowBytes(),
          failure);
    }
  }

  private long firstWindow(RecordSpan record) {
    return record.position() / settings.windowBytes();
  }

  private long lastWindow(RecordSpan record) {
    return (record.position() + Math.max(1, record.sizeBytes()) - 1) / settings.windowBytes();
  }
}
