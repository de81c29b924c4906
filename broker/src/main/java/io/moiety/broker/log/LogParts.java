package io.moiety.broker.log;

import java.io.IOException;

/**
 * What a log is made of, put together in one place: with threads for real, without them in a test
 * that runs everything on one thread.
 *
 * @param recovered what was found on the disk
 */
record LogParts(
    SegmentFiles files,
    LogRecovery.Recovered recovered,
    AppendedPosition appended,
    LogTail tail,
    Flusher flusher,
    Flushing flushing,
    Preparation preparation,
    LogFailure failure,
    OldSegments old,
    DiskGauge gauge) {

  /** Makes the two that may be threads. */
  interface Drivers {

    Flushing flushing(Flusher flusher, AppendedPosition appended, LogFailure failure);

    Preparation preparation(SegmentAllocator allocator, DiskGauge gauge, LogFailure failure);
  }

  /** Recovers the log and makes it ready for appends. On the recovery thread. */
  static LogParts recover(SegmentFiles files, LogConfig config, LogEvents events, Drivers drivers)
      throws IOException {
    if (config.recoverFrom().isPresent()) {
      new LogRepair(files).giveUpTo(config.recoverFrom().getAsLong());
    }
    DurableHint hint = new DurableHint(files.hint());
    try {
      LogRecovery.Recovered recovered = new LogRecovery(files, hint, config).recover();
      return assemble(files, config, events, drivers, hint, recovered);
    } catch (IOException | RuntimeException e) {
      hint.close();
      throw e;
    }
  }

  private static LogParts assemble(
      SegmentFiles files,
      LogConfig config,
      LogEvents events,
      Drivers drivers,
      DurableHint hint,
      LogRecovery.Recovered recovered)
      throws IOException {
    LogFailure failure = new LogFailure();
    long end = recovered.endPosition();
    AppendedPosition appended = new AppendedPosition(end, recovered.storeTimestampMillis());
    Flusher flusher = new Flusher(recovered.segments(), hint, events, end);
    OldSegments old =
        new OldSegments(files, recovered.segments(), flusher::durablePosition, config);
    SegmentAllocator allocator =
        new SegmentAllocator(
            files,
            config,
            failure,
            appended,
            flusher::usualForceBytes,
            recovered.tail(),
            old,
            recovered.cold());
    allocator.prepareFirst();
    DiskGauge gauge =
        DiskGauge.measured(
            files, () -> recovered.segments().bytes() + allocator.nextBytes() + old.bytes());
    Preparation preparation = drivers.preparation(allocator, gauge, failure);
    LogTail tail =
        new LogTail(
            recovered.segments(),
            appended,
            allocator,
            preparation,
            config.allocationStepBytes(),
            recovered.tail(),
            end);
    Flushing flushing = drivers.flushing(flusher, appended, failure);
    return new LogParts(
        files, recovered, appended, tail, flusher, flushing, preparation, failure, old, gauge);
  }
}
