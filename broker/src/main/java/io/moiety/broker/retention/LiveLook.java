package io.moiety.broker.retention;

/** A look at records that may be many, a bounded number at a time. Owner: the store turn. */
@FunctionalInterface
public interface LiveLook {

  /**
   * Adds what it finds next of what is needed, until {@link LiveSet#isFull()}. Where something is
   * damaged that tells it, {@link LiveSet#cannotTell()}, and it has come to its end.
   *
   * @return false when there may be more, for which it is to be called again
   */
  boolean goOn(LiveSet live);
}
