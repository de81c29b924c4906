package io.moiety.client;

import io.moiety.protocol.BadFieldException;
import javax.transaction.xa.XAResource;

/** A branch's answer to prepare. */
public enum Vote {
  /** The branch is durable and waits for the decision. */
  OK,
  /** Nothing was sent or acknowledged in the branch; it is finished. */
  READ_ONLY;

  static Vote ofWire(int vote) {
    return switch (vote) {
      case XAResource.XA_OK -> OK;
      case XAResource.XA_RDONLY -> READ_ONLY;
      default ->
          throw new BadFieldException(
              "vote",
              Integer.toString(vote),
              XAResource.XA_OK + " (OK) or " + XAResource.XA_RDONLY + " (read-only)");
    };
  }
}
