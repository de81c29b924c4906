package io.moiety.broker.log;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A file was made, renamed or removed, and the directory that holds its name could not be forced.
 * As after every failed force, a later success would prove nothing.
 */
final class NameForceException extends IOException {

  private static final long serialVersionUID = 1;

  NameForceException(Path directory, IOException cause) {
    super("the names in " + directory + " could not be forced: " + cause.getMessage(), cause);
  }
}
