package io.moiety.broker.log;

import org.jspecify.annotations.Nullable;

/**
 * The log on the disk has lost or altered records that had been made durable. It is not opened,
 * since going on would silently drop what follows the damaged place.
 */
public final class StoreDamagedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String segment;
  private final long position;
  private final long goOnPosition;

  StoreDamagedException(
      String segment, long position, long goOnPosition, String what, @Nullable Throwable cause) {
    super(
        ("The log is damaged at position %d, in %s: %s. The broker does not start on it; restore the"
                + " store from a copy, or give up what lies before position %d with recoverFrom=%d.")
            .formatted(position, segment, what, goOnPosition, goOnPosition),
        cause);
    this.segment = segment;
    this.position = position;
    this.goOnPosition = goOnPosition;
  }

  /** The file. */
  public String segment() {
    return segment;
  }

  /** The position in the log, not in the file. */
  public long position() {
    return position;
  }

  /** Where the log could go on, when an operator decides to lose what lies between. */
  public long goOnPosition() {
    return goOnPosition;
  }
}
