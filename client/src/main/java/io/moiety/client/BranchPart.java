package io.moiety.client;

import io.moiety.protocol.BranchXid;

/** The place of one message in a transaction branch. */
public record BranchPart(BranchXid xid, long incarnation, int sequence) {

  public BranchPart {
    if (sequence < 1) {
      throw new IllegalArgumentException(
          "Sequence " + sequence + " in branch " + xid + ": sequences start at 1");
    }
  }
}
