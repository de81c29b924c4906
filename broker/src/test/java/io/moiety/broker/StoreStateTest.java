package io.moiety.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.snapshot.SimulatedViewFiles;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

/** The state of a broker comes from its log, however a start comes to it. */
class StoreStateTest {
  private static final long NO_SNAPSHOT = Long.MAX_VALUE;

  @Property(tries = 60)
  @Label("the state at run time is the state after a start, with a snapshot and without")
  void runTimeStateIsStartedState(@ForAll long seed) throws IOException {
    StoreTrial trial = new StoreTrial(seed, 4_096);
    Map<String, Object> left = trial.live(300, true);
    StoreTrial.assertSame(trial.startedState(), left);
    assertThat(trial.fromSnapshot).isEqualTo(1);
    trial.files = new SimulatedViewFiles();
    StoreTrial.assertSame(trial.startedState(), left);
  }

  @Property(tries = 20)
  @Label("so is it over several runs")
  void stateOverSeveralRuns(@ForAll long seed) throws IOException {
    StoreTrial trial = new StoreTrial(seed, 4_096);
    for (int run = 0; run < 5; run++) {
      Map<String, Object> left = trial.live(80, run % 2 == 0);
      StoreTrial.assertSame(trial.startedState(), left);
    }
  }

  @Property(tries = 10)
  @Label("so is it when no base was ever taken")
  void stateWithoutAnyBase(@ForAll long seed) throws IOException {
    StoreTrial trial = new StoreTrial(seed, NO_SNAPSHOT);
    Map<String, Object> left = trial.live(200, false);
    StoreTrial.assertSame(trial.startedState(), left);
    assertThat(trial.fromSnapshot).isZero();
  }

  @Property(tries = 20)
  @Label("a damaged newest snapshot changes nothing")
  void aDamagedSnapshotChangesNothing(@ForAll long seed) throws IOException {
    StoreTrial trial = new StoreTrial(seed, 4_096);
    Map<String, Object> left = trial.live(200, true);
    List<String> snapshots =
        trial.files.list().stream().filter(name -> name.startsWith("snapshot-")).toList();
    assertThat(snapshots).hasSize(1);
    trial.files.flipBit(snapshots.get(0), (int) Math.floorMod(seed, 40L));
    StoreTrial.assertSame(trial.startedState(), left);
    assertThat(trial.fromSnapshot).isZero();
  }

  @Property(tries = 20)
  @Label("damaged blocks change nothing, whether the start meets them or a reader after it")
  void damagedBlocksChangeNothing(@ForAll long seed) throws IOException {
    StoreTrial trial = new StoreTrial(seed, 4_096, true);
    trial.live(600, true);
    Map<String, Object> left = trial.live(600, true);
    trial.damage("blocks");
    StoreTrial.assertSame(trial.startedState(), left);
    StoreTrial.assertSame(trial.startedState(), left);
  }

  @Property(tries = 30)
  @Label("so is it when segments go and what is needed of them is carried forward")
  void stateAfterRetention(@ForAll long seed) throws IOException {
    StoreTrial trial = new StoreTrial(seed, NO_SNAPSHOT, true);
    for (int run = 0; run < 4; run++) {
      Map<String, Object> left = trial.live(600, run % 2 == 0);
      StoreTrial.assertSame(trial.startedState(), left);
    }
    trial.files = new SimulatedViewFiles();
    trial.fulfil();
    assertThat(trial.deletedBefore).isPositive();
  }
}
