package io.moiety.arquillian.crash;

import io.moiety.arquillian.orders.Mode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database row and a message in one transaction, and a process that dies at one of its steps:
 * after recovery by the server's own means both are there or neither is, and nothing is in doubt. A
 * choice of the matrix, which {@link KillMatrixRun} runs whole.
 */
class TransactionCrashIT {

  @TempDir Path directory;

  @Test
  void rowAndMessageAgreeUnderXaWhenTheServerDiesWithTheBrokerInIt() throws Exception {
    kill(
        Victim.SERVER,
        Mode.XA,
        new Kill(Direction.OUTBOUND, KillPoint.AFTER_PREPARE),
        new Kill(Direction.OUTBOUND, KillPoint.AFTER_DATABASE_COMMIT),
        new Kill(Direction.INBOUND, KillPoint.BEFORE_COMMIT));
  }

  @Test
  void rowAndMessageAgreeUnderXaWhenTheBrokerDies() throws Exception {
    kill(
        Victim.BROKER,
        Mode.XA,
        new Kill(Direction.OUTBOUND, KillPoint.AFTER_SEND),
        new Kill(Direction.OUTBOUND, KillPoint.BEFORE_PREPARE),
        new Kill(Direction.OUTBOUND, KillPoint.AFTER_PREPARE),
        new Kill(Direction.INBOUND, KillPoint.BEFORE_PREPARE),
        new Kill(Direction.INBOUND, KillPoint.AFTER_PREPARE),
        new Kill(Direction.INBOUND, KillPoint.BEFORE_COMMIT));
  }

  @Test
  void rowAndMessageAgreeUnderCheckBackWhenTheServerDiesWithTheBrokerInIt() throws Exception {
    kill(
        Victim.SERVER,
        Mode.CHECK_BACK,
        new Kill(Direction.OUTBOUND, KillPoint.AFTER_SEND),
        new Kill(Direction.OUTBOUND, KillPoint.OUTCOME_ROW),
        new Kill(Direction.INBOUND, KillPoint.OUTCOME_ROW),
        new Kill(Direction.INBOUND, KillPoint.DATABASE_COMMITTED));
  }

  @Test
  void rowAndMessageAgreeUnderCheckBackWhenTheBrokerDies() throws Exception {
    kill(
        Victim.BROKER,
        Mode.CHECK_BACK,
        new Kill(Direction.OUTBOUND, KillPoint.AFTER_SEND),
        new Kill(Direction.OUTBOUND, KillPoint.OUTCOME_ROW),
        new Kill(Direction.INBOUND, KillPoint.OUTCOME_ROW),
        new Kill(Direction.INBOUND, KillPoint.BEFORE_ACKNOWLEDGEMENT));
  }

  private void kill(Victim victim, Mode mode, Kill... kills) throws Exception {
    try (Site site = Site.start(directory, mode, victim)) {
      site.place("first");
      for (Kill kill : kills) {
        site.kill(victim, kill, kill.direction() + "-" + kill.point());
      }
      site.kill(victim, Kill.mendedByRecovery(mode), "last");
    }
  }
}
