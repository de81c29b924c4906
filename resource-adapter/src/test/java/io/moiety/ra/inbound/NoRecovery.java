package io.moiety.ra.inbound;

import io.moiety.ra.ServerThreads;
import io.moiety.ra.work.ContainerTasks;
import io.moiety.ra.xa.RecoveryWatch;
import java.util.Timer;

/** A watch over recovery that never warns, and so never has anything to do. */
final class NoRecovery {

  private static final RecoveryWatch WATCH =
      new RecoveryWatch(
          new ContainerTasks(new ServerThreads(), new Timer(true)),
          0,
          () -> false,
          property -> null);

  private NoRecovery() {}

  static RecoveryWatch watch() {
    return WATCH;
  }
}
