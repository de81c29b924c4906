package io.moiety.client;

/**
 * How many requests were made in a branch, by which the broker sees at prepare whether one got
 * lost.
 *
 * @param sends messages sent in the branch; -1 when not known here
 * @param acks acknowledge requests made in the branch; -1 when not known here
 */
public record BranchCounts(int sends, int acks) {

  /** For whoever completes a branch that others worked in. */
  public static final BranchCounts UNKNOWN = new BranchCounts(-1, -1);
}
