package io.moiety.broker.index;

/** Is shown pairs. */
@FunctionalInterface
interface PairVisitor {

  void visit(long hash, long position);
}
