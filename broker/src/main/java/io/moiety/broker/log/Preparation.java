package io.moiety.broker.log;

/** Gets segments prepared while the store turn appends. The turn's side of the allocator thread. */
interface Preparation extends AutoCloseable {

  /** There may be something to prepare. */
  void wake();

  /** Segments were given up, which makes room: a full disk is tried again now. */
  void wakeForRoom();

  /** No segment is prepared once this returns. */
  @Override
  void close();
}
