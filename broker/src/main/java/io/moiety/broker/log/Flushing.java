package io.moiety.broker.log;

/** Gets the log forced while the store turn appends. The turn's side of the flush thread. */
interface Flushing extends AutoCloseable {

  /** Asks for everything before {@code position} to become durable now. Any thread. */
  void request(long position);

  /** Forces what was appended, unless the log has failed, and ends. */
  @Override
  void close();
}
