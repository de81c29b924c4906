package io.moiety.benchmarks.compare;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is written for a message of 1 KiB that is stored and acknowledged: by the broker's process
 * as the kernel accounts it, and by everybody to the device, journal of the file system included.
 */
record DeviceBytesFigure(FlushMode flushMode) implements Figure {

  private static final int THREADS = 64;
  private static final int BODY_BYTES = 1024;
  private static final double GOAL = 1.5;

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
          List.of(device(), process()),
          store -> {
            try (RunningBroker broker = kind.start(store, flushMode, List.of())) {
              broker.awaitReady();
              measure(settings, results, kind.peer(), broker);
            }
          });
    }
  }

  /** From before the warm-up to after the end, so that all that was sent counts on both sides. */
  private void measure(Settings settings, Results results, Peer peer, RunningBroker broker)
      throws FigureException, IOException, InterruptedException {
    BlockDevice device =
        BlockDevice.under(settings.workDirectory())
            .orElseThrow(
                () -> new FigureException(settings.workDirectory() + " is on no block device"));
    Load load = new Load(settings);
    PageCache.write();
    long deviceBefore = device.writtenBytes();
    long processBefore = broker.jvm().usage().writtenBytes();
    try (Jvm generator =
        load.official(
            "OfficialSends",
            broker,
            Map.of(
                "threads",
                THREADS,
                "bytes",
                BODY_BYTES,
                "warmUp",
                0,
                "seconds",
                settings.warmUpSeconds() + settings.seconds()))) {
      double count =
          load.measured(
                  generator, settings.warmUpSeconds() + settings.seconds(), Optional.of(broker))
              .number("count");
      PageCache.write();
      double bodies = count * BODY_BYTES;
      results.add(device(), peer, (device.writtenBytes() - deviceBefore) / bodies);
      results.add(process(), peer, (broker.jvm().usage().writtenBytes() - processBefore) / bodies);
    }
  }

  private Row device() {
    return new Row(
        "written to the device for a message of 1 KiB, %s (/proc/diskstats)"
            .formatted(flushMode.title()),
        "times the message",
        new Goal.AtMost(GOAL));
  }

  private Row process() {
    return Row.told(
        "written by the broker for it, %s (/proc/PID/io)".formatted(flushMode.title()),
        "times the message");
  }
}
