package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/**
 * Every order of steps of small worlds, over the classes that the broker runs. {@code
 * -Dmoiety.explorer.bound=N} with N above 1 makes the worlds larger, which takes minutes and more.
 */
class TransactionExplorerTest {
  private static final int BOUND = Integer.getInteger("moiety.explorer.bound", 1);
  private static final int MAX_STATES = 20_000_000;

  private static final Logger LOGGER =
      (Logger) LoggerFactory.getLogger(TransactionExplorerTest.class.getPackageName());

  /** The worlds that are walked. */
  private enum World {
    ONE_HALF,
    CONTRADICTED,
    TWO_HALVES,
    DELAYED,
    ADMINISTERED_HALF,
    RESUMED_HALF,
    PARKED_HALF,
    ACTIVE_HALF,
    TWO_PHASES,
    CARRIED_BRANCH,
    ONE_PHASE,
    BY_MESSAGE,
    SENDS_ONLY,
    ADMINISTERED_BRANCH;

    ModelWorld fresh(Flaw flaw) {
      return switch (this) {
        case ONE_HALF -> half(flaw, 1, 2, 3, BOUND - 1, 1, 0, 0, false, false);
        case CONTRADICTED -> half(flaw, 1, 2, BOUND, 0, 1, 0, 0, false, true);
        case TWO_HALVES -> half(flaw, 2, 1, BOUND - 1, 0, 1, 0, 0, false, false);
        case DELAYED -> half(flaw, 1, 2, 3, 0, 1, 0, 0, true, false);
        case ADMINISTERED_HALF -> half(flaw, 1, 1, 3, 1, 0, 1, BOUND - 1, false, false);
        case RESUMED_HALF -> half(flaw, 1, 1, 2 + BOUND, 0, BOUND - 1, 2, 0, false, false);
        case PARKED_HALF -> half(flaw, 1, 1, 3, 0, 1, 1, 0, false, false);
        case ACTIVE_HALF -> half(flaw, 1, 1, 2, 0, 1, 0, 1, false, false);
        case TWO_PHASES -> branch(flaw, 1 + BOUND, true, false, 1, 2, 0, 0);
        case CARRIED_BRANCH -> branch(flaw, 1 + BOUND, true, false, 0, 1, 1, 0);
        case ONE_PHASE -> branch(flaw, 1 + BOUND, true, true, 1, 2, 0, 0);
        case BY_MESSAGE ->
            new BranchWorld(
                new BranchWorld.Bounds(
                    1 + BOUND, true, true, true, 1, 2, BOUND, BOUND - 1, BOUND - 1),
                flaw);
        case SENDS_ONLY -> branch(flaw, 1, false, false, 0, 1, 0, 0);
        case ADMINISTERED_BRANCH -> branch(flaw, BOUND, BOUND > 1, false, 0, 1, 1, 1);
      };
    }
  }

  private static ModelWorld branch(
      Flaw flaw,
      int sends,
      boolean input,
      boolean onePhase,
      int losses,
      int tellings,
      int carries,
      int administrators) {
    return new BranchWorld(
        new BranchWorld.Bounds(
            sends, input, onePhase, false, losses, tellings, BOUND, carries, administrators),
        flaw);
  }

  private static ModelWorld half(
      Flaw flaw,
      int halves,
      int tellings,
      int ticks,
      int joins,
      int carries,
      int administrators,
      int actives,
      boolean delayed,
      boolean contradicting) {
    return new HalfWorld(
        new HalfWorld.Bounds(
            halves,
            tellings,
            BOUND,
            ticks,
            joins,
            carries,
            administrators,
            actives,
            delayed,
            contradicting),
        flaw);
  }

  /** Every branch that runs out of its time is a warning, in each of many worlds. */
  @BeforeAll
  static void hush() {
    LOGGER.setLevel(Level.OFF);
  }

  @AfterAll
  static void speakAgain() {
    LOGGER.setLevel(null);
  }

  @ParameterizedTest
  @CsvSource({
    "ONE_HALF, 5000",
    "CONTRADICTED, 5000",
    "TWO_HALVES, 5000",
    "DELAYED, 5000",
    "ADMINISTERED_HALF, 2000",
    "RESUMED_HALF, 2000",
    "PARKED_HALF, 2000",
    "ACTIVE_HALF, 1000",
    "TWO_PHASES, 10000",
    "CARRIED_BRANCH, 5000",
    "ONE_PHASE, 2000",
    "BY_MESSAGE, 5000",
    "ADMINISTERED_BRANCH, 5000",
  })
  void everyOrderOfStepsIsExact(World world, int leastStates) {
    Explorer.Result result = new Explorer(() -> world.fresh(Flaw.NONE), MAX_STATES).explore();
    assertThat(result.failure()).isEmpty();
    assertThat(result.complete()).isTrue();
    assertThat(result.states()).isGreaterThan(leastStates);
  }

  @ParameterizedTest
  @CsvSource({
    "ONE_HALF, ANSWERS_BEFORE_FORCE, which is lost",
    "ONE_HALF, ROLLBACK_IS_VISIBLE, is visible uncommitted",
    "ONE_HALF, FORGETS_COMMITS, resolved more than once",
    "ONE_HALF, FORGETS_ROLLBACKS, resolved more than once",
    "ONE_HALF, FORGETS_CHECKS, a start would find",
    "ONE_HALF, CARRIES_NOTHING, neither open nor resolved",
    "ONE_HALF, CARRIES_WITHOUT_CHECKS, a start would find",
    "PARKED_HALF, CARRIES_NOTHING_PARKED, not there any more",
    "DELAYED, FORGETS_DELIVERIES, visible twice",
    "TWO_PHASES, ANSWERS_BEFORE_FORCE, prepared and forgotten",
    "SENDS_ONLY, FORGETS_PREPARES, prepared and forgotten",
    "CARRIED_BRANCH, BASE_WITHOUT_BRANCHES, prepared and forgotten",
    "CARRIED_BRANCH, CARRIES_NOTHING, which is not there",
    "TWO_PHASES, COMPLETES_NOTHING, did not end as decided",
    "TWO_PHASES, FORGETS_COPIES, twice",
    "TWO_PHASES, KEEPS_ACKNOWLEDGEMENTS, its input is held",
    "ONE_PHASE, COMPLETES_NOTHING, only a part",
    "BY_MESSAGE, ANSWERS_BEFORE_FORCE, a message is lost",
  })
  void aBrokerWithAFlawIsFound(World world, Flaw flaw, String failure) {
    Explorer.Result result = new Explorer(() -> world.fresh(flaw), MAX_STATES).explore();
    assertThat(result.failure()).hasValueSatisfying(way -> assertThat(way).contains(failure));
  }
}
