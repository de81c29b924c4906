package io.moiety.broker.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/**
 * A log on a simulated disk, all on one thread: forces happen when they are asked for, segments are
 * prepared when the log looks ahead, by a random number of steps.
 */
public final class SimulatedLog {

  static final int SEGMENT_BYTES = 16 * 1024;
  static final int MAX_RECORD_BYTES = 3 * 1024;
  static final int STEP_BYTES = 4 * 1024;

  static final LogConfig CONFIG = config(SEGMENT_BYTES, MAX_RECORD_BYTES, STEP_BYTES);

  private SimulatedLog() {}

  /** Nothing stays mapped for longer than it must, and nobody waits. */
  public static LogConfig config(int segmentBytes, int maxRecordBytes, int stepBytes) {
    return new LogConfig(
        Path.of("simulated"),
        segmentBytes,
        maxRecordBytes,
        500,
        stepBytes,
        0,
        0,
        OptionalLong.empty());
  }

  static CommitLog open(SimulatedDisk disk, LogClock clock, LogEvents events, Random random)
      throws IOException {
    return open(disk, CONFIG, clock, events, random);
  }

  public static CommitLog open(
      SimulatedDisk disk, LogConfig config, LogClock clock, LogEvents events, Random random)
      throws IOException {
    LogParts parts = LogParts.recover(disk, config, events, new Inline(events, random));
    return new CommitLog(parts, config, clock, new NobodyElse());
  }

  static CommitLog open(SimulatedDisk disk, LogEvents events) throws IOException {
    return open(disk, () -> 1_000, events, new Random(1));
  }

  private record Inline(LogEvents events, Random random) implements LogParts.Drivers {

    @Override
    public Flushing flushing(Flusher flusher, AppendedPosition appended, LogFailure failure) {
      failure.reportBy(() -> events.failed(failure.cause().orElseThrow()));
      return new InlineFlushing(flusher, appended, failure);
    }

    @Override
    public Preparation preparation(
        SegmentAllocator allocator, DiskGauge gauge, LogFailure failure) {
      return new InlinePreparation(allocator, gauge, random);
    }
  }

  private record InlineFlushing(Flusher flusher, AppendedPosition appended, LogFailure failure)
      implements Flushing {

    @Override
    public void request(long position) {
      if (failure.raised()) {
        return;
      }
      try {
        flusher.force(appended.position(), appended.storeTimestampMillis());
      } catch (IOException e) {
        failure.raise(e);
      }
    }

    @Override
    public void close() {
      request(appended.position());
    }
  }

  private record InlinePreparation(SegmentAllocator allocator, DiskGauge gauge, Random random)
      implements Preparation {

    @Override
    public void wake() {
      allocator.prepareFirst();
      for (int steps = random.nextInt(3); steps > 0; steps--) {
        allocator.step();
      }
      gauge.measure();
    }

    @Override
    public void wakeForRoom() {
      wake();
    }

    @Override
    public void close() {
      try {
        allocator.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class NobodyElse implements HeldStore {

    @Override
    public void publish(Optional<String> address) {}

    @Override
    public void close() {}
  }
}
