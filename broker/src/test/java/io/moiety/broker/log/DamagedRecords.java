package io.moiety.broker.log;

/** Makes the exception of a record that cannot be read, for tests of other packages. */
public final class DamagedRecords {

  private DamagedRecords() {}

  public static RecordDamagedException at(long position) {
    return new RecordDamagedException(position, "no segment holds it", null);
  }
}
