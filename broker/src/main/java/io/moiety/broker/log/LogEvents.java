package io.moiety.broker.log;

/**
 * What the log tells its owner. Called on the flush thread, which forces nothing while it is here:
 * an implementation hands over and returns.
 */
public interface LogEvents {

  /** Everything before {@code durablePosition} is on the disk. Positions only rise. */
  void durableAdvanced(long durablePosition);

  /**
   * A force or a write failed, or what follows the log. Called once, and last: the log takes no
   * more appends until it is opened again, what lies beyond the durable position may be lost,
   * reading goes on.
   */
  void failed(Throwable cause);
}
