package io.moiety.broker.log;

/** The flush thread and the allocator thread, started as they are made. */
final class ThreadDrivers implements LogParts.Drivers {

  private final LogConfig config;
  private final LogEvents events;

  ThreadDrivers(LogConfig config, LogEvents events) {
    this.config = config;
    this.events = events;
  }

  @Override
  public Flushing flushing(Flusher flusher, AppendedPosition appended, LogFailure failure) {
    FlushThread thread = new FlushThread(flusher, appended, failure, events, config);
    thread.start();
    return thread;
  }

  @Override
  public Preparation preparation(SegmentAllocator allocator, DiskGauge gauge, LogFailure failure) {
    AllocatorThread thread = new AllocatorThread(allocator, gauge, config, failure);
    thread.start();
    return thread;
  }
}
