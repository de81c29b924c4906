package io.moiety.benchmarks.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.benchmarks.torture.History.Event;
import io.moiety.benchmarks.torture.Sightings.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AuditTest {
  private static final TrialId ID = new TrialId(1, 7);
  private static final String FIRST = "1.7.1";
  private static final String SECOND = "1.7.2";

  private final List<Trial> trials = new ArrayList<>();

  private Trial trial(Event begin, String detail) {
    return trial(ID, begin, detail);
  }

  private Trial trial(TrialId id, Event begin, String detail) {
    Trial trial = Trial.begun(id, begin, detail);
    trials.add(trial);
    return trial;
  }

  private List<String> findings(Decision decision, String... seen) {
    return new Audit(trials, id -> decision, Set.of(seen)::contains).findings();
  }

  @Test
  void whatIsCommittedMustBeSeen() {
    trial(Event.HALF, "VANISH");
    assertThat(findings(Decision.COMMIT, FIRST)).isEmpty();
    assertThat(findings(Decision.COMMIT)).singleElement().asString().contains("only 0 of 1 seen");
  }

  @Test
  void whatIsRolledBackMustNotBeSeen() {
    trial(Event.BRANCH, "TWO_PHASES 2");
    assertThat(findings(Decision.ROLLBACK)).isEmpty();
    assertThat(findings(Decision.ROLLBACK, SECOND)).hasSize(1);
  }

  @Test
  void halfOfABranchMustNotBeSeenWhateverBecameOfIt() {
    Trial trial = trial(Event.BRANCH, "ONE_PHASE 2");
    assertThat(findings(Decision.NONE)).isEmpty();
    assertThat(findings(Decision.NONE, FIRST, SECOND)).isEmpty();
    assertThat(findings(Decision.NONE, FIRST)).hasSize(1);
    trial.add(Event.DONE, "COMMIT");
    assertThat(findings(Decision.NONE)).hasSize(1);
  }

  @Test
  void aCommitAndARollbackMustNotBothBeConfirmed() {
    Trial trial = trial(Event.HALF, "CONTRADICT");
    trial.add(Event.DONE, "COMMIT");
    assertThat(findings(Decision.OPEN, FIRST)).isEmpty();
    trial.add(Event.DONE, "ROLLBACK");
    assertThat(findings(Decision.OPEN, FIRST)).hasSize(1);
  }

  @Test
  void whatWasDecidedMustNotBeRefused() {
    trial(Event.HALF, "TWICE").add(Event.REFUSED, "COMMIT: there is no open half message");
    assertThat(findings(Decision.COMMIT, FIRST)).hasSize(1);
  }

  @Test
  void whatAnAdministratorDecidedMustAgreeWithTheDatabase() {
    Trial half = trial(Event.HALF, "ADMINISTERED");
    half.add(Event.RESUMED, "");
    assertThat(findings(Decision.OPEN)).isEmpty();
    half.add(Event.ADMINISTERED, "COMMITTED");
    assertThat(findings(Decision.COMMIT, FIRST)).isEmpty();
    assertThat(findings(Decision.COMMIT)).hasSize(1);
    assertThat(findings(Decision.ROLLBACK)).hasSize(1);
    half.add(Event.ADMINISTERED, "ROLLED_BACK");
    assertThat(findings(Decision.ROLLBACK)).isEmpty();
    assertThat(half.resumes()).isEqualTo(1);
  }

  @Test
  void anInputIsConsumedByOneThatCommitsOrIsStillThere() {
    TrialId input = new TrialId(2, 1);
    trial(input, Event.INPUT, "").add(Event.STORED, "");
    assertThat(findings(Decision.COMMIT, "2.1.1")).isEmpty();
    assertThat(findings(Decision.COMMIT)).singleElement().asString().contains("by nobody");
    trial(Event.BRANCH, "TWO_PHASES 1").add(Event.TOOK, "2.1.1");
    assertThat(findings(Decision.COMMIT, FIRST)).isEmpty();
    assertThat(findings(Decision.COMMIT, FIRST, "2.1.1")).hasSize(1);
    trial(new TrialId(1, 8), Event.BRANCH, "TWO_PHASES 1").add(Event.TOOK, "2.1.1");
    assertThat(findings(Decision.COMMIT, FIRST, "1.8.1")).hasSize(1);
  }

  @Test
  void aMessageAtTwoPlacesIsFound() {
    Sightings sightings = new Sightings();
    Place place = new Place("torture-0", 0, 5);
    sightings.saw(FIRST, place);
    sightings.saw(FIRST, place);
    assertThat(sightings.findings()).isEmpty();
    sightings.saw(FIRST, new Place("torture-0", 0, 6));
    assertThat(sightings.findings()).hasSize(1);
    sightings.saw(SECOND, place);
    assertThat(sightings.findings()).hasSize(2);
  }
}
