package io.moiety.broker.log;

import java.io.IOException;

/** Makes the exceptions of records that cannot be read, for tests of other packages. */
public final class DamagedRecords {

  private DamagedRecords() {}

  public static RecordDamagedException at(long position) {
    return new RecordDamagedException(position, "no segment holds it", null);
  }

  /** The disk does not give it now. */
  public static RecordUnreadableException unreadableAt(long position) {
    return new RecordUnreadableException(position, new IOException("too many open files"));
  }
}
