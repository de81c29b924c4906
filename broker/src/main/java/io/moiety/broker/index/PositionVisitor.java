package io.moiety.broker.index;

/** Is shown positions, the newest first, until it has seen enough. */
@FunctionalInterface
interface PositionVisitor {

  /** False to be shown no more. */
  boolean visit(long position);
}
