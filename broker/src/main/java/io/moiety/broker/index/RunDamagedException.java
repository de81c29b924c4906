package io.moiety.broker.index;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A block of a run is not what was written, or cannot be read. */
final class RunDamagedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient KeyRun run;

  RunDamagedException(KeyRun run, String what, @Nullable IOException cause) {
    super(what, cause);
    this.run = run;
  }

  KeyRun run() {
    return run;
  }
}
