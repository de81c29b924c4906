package io.moiety.client;

import io.moiety.protocol.BranchXid;

/**
 * A transaction branch as the broker opened it.
 *
 * @param incarnation given by the broker at start and never used again, so that late requests of an
 *     earlier branch with the same Xid are told apart
 */
public record Branch(BranchXid xid, long incarnation) {

  /**
   * The place of one message in this branch; sequences count 1, 2, 3 … over all sends of the
   * branch.
   */
  public BranchPart part(int sequence) {
    return new BranchPart(xid, incarnation, sequence);
  }
}
