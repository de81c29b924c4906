package io.moiety.broker.log;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.LongSupplier;

/**
 * How much room there is, for those who decide what is deleted and whom to refuse. Measured by the
 * allocator thread, since asking the file system may wait; read by any thread.
 */
final class DiskGauge {

  private static final Logger LOG = System.getLogger(DiskGauge.class.getName());

  private final SegmentFiles files;
  private final LongSupplier logBytes;
  private volatile DiskSpace latest;
  private boolean failing;

  private DiskGauge(SegmentFiles files, LongSupplier logBytes, DiskSpace first) {
    this.files = files;
    this.logBytes = logBytes;
    this.latest = first;
  }

  static DiskGauge measured(SegmentFiles files, LongSupplier logBytes) throws IOException {
    return new DiskGauge(files, logBytes, files.space(logBytes.getAsLong()));
  }

  DiskSpace latest() {
    return latest;
  }

  /** Keeps the last figures when the file system does not tell. */
  void measure() {
    try {
      latest = files.space(logBytes.getAsLong());
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        failing = true;
        LOG.log(Level.WARNING, "The room on the log's disk cannot be measured", e);
      }
    }
  }
}
