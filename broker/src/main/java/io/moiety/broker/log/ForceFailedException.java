package io.moiety.broker.log;

import java.io.IOException;

/**
 * A force failed. It is never tried again: the kernel may have marked the pages clean, so that a
 * later success proves nothing.
 */
public final class ForceFailedException extends IOException {
  private static final long serialVersionUID = 1;

  public ForceFailedException(String what, IOException cause) {
    super(what + " could not be forced: " + cause.getMessage(), cause);
  }
}
