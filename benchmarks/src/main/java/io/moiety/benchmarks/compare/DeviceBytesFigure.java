package io.moiety.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What is written for a message of 1 KiB that is stored and acknowledged: by the broker's process
 * as the kernel accounts it, and by everybody to the device, journal of the file system included.
 * Over a fresh store, and Moiety also over one that is as large as it may be, where new segments
 * are made of the files of old ones.
 */
record DeviceBytesFigure(FlushMode flushMode) implements Figure {

  private static final int THREADS = 64;
  private static final int BODY_BYTES = 1024;
  private static final double GOAL = 1.5;

  private static final String FRESH = "fresh store";
  private static final String STEADY = "segments used again";

  /** What the small store keeps before its oldest segments go, to be used again. */
  private static final long KEPT_BYTES = 192L << 20;

  /** How often the small store is filled before it is measured. */
  private static final int GENERATIONS = 3;

  private static final int LOAD_SECONDS = 15;
  private static final int MOST_LOADS = 12;

  private static final Map<String, Long> SMALL_STORE =
      Map.of("mappedFileSizeCommitLog", 16L << 20, "maxStoreBytes", KEPT_BYTES);

  @Override
  public String name() {
    return flushMode == FlushMode.ASYNC_FLUSH ? "device-bytes-async" : "device-bytes-sync";
  }

  @Override
  public void run(Settings settings, Results results) throws InterruptedException {
    for (BrokerKind kind : settings.storing()) {
      Attempt.of(
          settings,
          results,
          kind.peer(),
          List.of(device(FRESH), process(FRESH)),
          store -> {
            try (RunningBroker broker = kind.start(store, flushMode, List.of())) {
              broker.awaitReady();
              measure(settings, results, kind.peer(), broker, FRESH);
            }
          });
      if (kind instanceof MoietyBroker moiety) {
        Attempt.of(
            settings,
            results,
            kind.peer(),
            List.of(device(STEADY), process(STEADY)),
            store -> {
              try (RunningBroker broker = moiety.start(store, flushMode, List.of(), SMALL_STORE)) {
                broker.awaitReady();
                useFilesAgain(settings, broker, store);
                SegmentFileIds before = SegmentFileIds.of(store);
                measure(settings, results, kind.peer(), broker, STEADY);
                requireUsedAgain(before, SegmentFileIds.of(store));
              }
            });
      }
    }
  }

  /** Sends until the log has grown by several times what it keeps. */
  private static void useFilesAgain(Settings settings, RunningBroker broker, Path store)
      throws FigureException, IOException, InterruptedException {
    for (int load = 0; SegmentFileIds.of(store).newest() < GENERATIONS * KEPT_BYTES; load++) {
      if (load == MOST_LOADS) {
        throw new FigureException(
            "the log has not grown by %d MiB in %d loads"
                .formatted((GENERATIONS * KEPT_BYTES) >> 20, MOST_LOADS));
      }
      send(new Load(settings), broker, LOAD_SECONDS);
    }
  }

  /** At the end of a short run all new segments may lie within those that are still kept. */
  private static void requireUsedAgain(SegmentFileIds before, SegmentFileIds after)
      throws FigureException {
    long fresh = after.newSince(before);
    long again = after.usedAgainSince(before);
    if (fresh == 0 || again == 0) {
      throw new FigureException(
          "of %d new segments %d have a file that was used before: no steady state"
              .formatted(fresh, again));
    }
  }

  /**
   * From before the first send to after the end, so that all that was sent counts on both sides.
   */
  private void measure(
      Settings settings, Results results, Peer peer, RunningBroker broker, String state)
      throws FigureException, IOException, InterruptedException {
    BlockDevice device =
        BlockDevice.under(settings.workDirectory())
            .orElseThrow(
                () -> new FigureException(settings.workDirectory() + " is on no block device"));
    PageCache.write();
    long deviceBefore = device.writtenBytes();
    long processBefore = broker.jvm().usage().writtenBytes();
    double count = send(new Load(settings), broker, settings.warmUpSeconds() + settings.seconds());
    PageCache.write();
    double bodies = count * BODY_BYTES;
    results.add(device(state), peer, (device.writtenBytes() - deviceBefore) / bodies);
    results.add(
        process(state), peer, (broker.jvm().usage().writtenBytes() - processBefore) / bodies);
  }

  private static double send(Load load, RunningBroker broker, int seconds)
      throws FigureException, IOException, InterruptedException {
    try (Jvm generator =
        load.official(
            "OfficialSends",
            broker,
            Map.of("threads", THREADS, "bytes", BODY_BYTES, "warmUp", 0, "seconds", seconds))) {
      return load.measured(generator, seconds, broker::cpuMillis).number("count");
    }
  }

  private Row device(String state) {
    return new Row(
        "written to the device for a message of 1 KiB, %s, %s (/proc/diskstats)"
            .formatted(flushMode.title(), state),
        "times the message",
        new Goal.AtMost(GOAL));
  }

  private Row process(String state) {
    return Row.told(
        "written by the broker for it, %s, %s (/proc/PID/io)".formatted(flushMode.title(), state),
        "times the message");
  }
}
