package io.moiety.broker.log;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The log on the disk has lost or altered records that had been made durable. It is not opened,
 * since going on would silently drop what follows the damaged place.
 */
public final class StoreDamagedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String segment;
  private final long position;

  StoreDamagedException(Path segment, long position, String what, @Nullable Throwable cause) {
    super(
        "The log is damaged at position %d, in %s: %s. The broker does not start on it; restore the store from a copy."
            .formatted(position, segment, what),
        cause);
    this.segment = segment.toString();
    this.position = position;
  }

  /** The file. */
  public String segment() {
    return segment;
  }

  /** The position in the log, not in the file. */
  public long position() {
    return position;
  }
}
