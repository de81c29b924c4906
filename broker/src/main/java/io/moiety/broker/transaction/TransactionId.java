package io.moiety.broker.transaction;

import io.moiety.protocol.BranchXid;
import java.util.Optional;

/** What administrators call a transaction. */
public sealed interface TransactionId {
  /** Longest position in decimal digits. */
  int MAX_DIGITS = 19;

  /** A half message: its position, in decimal digits. */
  record Half(long position) implements TransactionId {}

  /** A branch: its Xid. */
  record OfBranch(BranchXid xid) implements TransactionId {}

  /** Reads an id; empty when it is neither. */
  static Optional<TransactionId> parse(String text) {
    boolean digits =
        !text.isEmpty()
            && text.length() <= MAX_DIGITS
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    try {
      return digits
          ? Optional.of(new Half(Long.parseLong(text)))
          : Optional.of(new OfBranch(BranchXid.parse(text)));
    } catch (IllegalArgumentException neither) {
      return Optional.empty();
    }
  }
}
