package io.moiety.benchmarks.torture;

import io.moiety.benchmarks.torture.Trial.Expected;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Compares what the applications decided and were told with what consumers have seen: committed is
 * visible once, rolled back never, and an input is consumed by exactly those that took it and
 * committed. For one thread.
 */
final class Audit {
  private static final int MAX_FINDINGS = 100;

  private final List<Trial> trials;
  private final Function<TrialId, Decision> decisions;
  private final Predicate<String> seen;
  private final List<String> findings = new ArrayList<>();

  /** Inputs, with the transactions that committed and had taken them. */
  private final Map<String, List<TrialId>> consumers = new HashMap<>();

  /** Inputs that a transaction has taken whose fate nobody was told. */
  private final Set<String> perhapsConsumed = new HashSet<>();

  /**
   * An audit.
   *
   * @param decisions what was decided, also for the dead
   * @param seen whether a consumer has seen the message of that name
   */
  Audit(List<Trial> trials, Function<TrialId, Decision> decisions, Predicate<String> seen) {
    this.trials = trials;
    this.decisions = decisions;
    this.seen = seen;
  }

  /** Messages that must be seen and were not, so far. Inputs are not among them. */
  long missing() {
    return trials.stream()
        .filter(trial -> !trial.isInput() && expected(trial) == Expected.ALL)
        .flatMap(trial -> trial.messages().stream())
        .filter(seen.negate())
        .count();
  }

  /** Everything that is not as it must be, a sentence for each; once. */
  List<String> findings() {
    trials.forEach(this::check);
    trials.stream().filter(Trial::isInput).forEach(this::checkInput);
    return findings;
  }

  private void check(Trial trial) {
    trial.contradiction(decisions.apply(trial.id())).ifPresent(why -> find(trial + ": " + why));
    if (trial.isInput()) {
      return;
    }
    List<String> messages = trial.messages();
    long visible = messages.stream().filter(seen).count();
    switch (expected(trial)) {
      case ALL -> {
        if (visible < messages.size()) {
          find(trial + ": committed, and only %d of %d seen".formatted(visible, messages.size()));
        }
      }
      case NONE -> {
        if (visible > 0) {
          find(trial + ": not committed, and %d seen".formatted(visible));
        }
      }
      case EITHER -> {
        if (visible > 0 && visible < messages.size()) {
          find(trial + ": %d of %d seen".formatted(visible, messages.size()));
        }
      }
    }
    noteConsumed(trial, visible > 0);
  }

  private void noteConsumed(Trial trial, boolean visible) {
    if (trial.taken().isEmpty()) {
      return;
    }
    String input = trial.taken().get();
    if (visible) {
      consumers.computeIfAbsent(input, first -> new ArrayList<>()).add(trial.id());
    } else if (trial.mayBeListed()) {
      perhapsConsumed.add(input);
    }
  }

  /** What nobody has consumed was left to be seen at the end. */
  private void checkInput(Trial trial) {
    String input = trial.messages().get(0);
    List<TrialId> takenBy = consumers.getOrDefault(input, List.of());
    boolean left = seen.test(input);
    if (takenBy.size() > 1) {
      find("input " + input + " was consumed by " + takenBy);
    } else if (takenBy.size() == 1 && left) {
      find("input " + input + " was consumed by " + takenBy + " and is still there");
    } else if (takenBy.isEmpty()
        && !left
        && !perhapsConsumed.contains(input)
        && trial.expected(Decision.NONE) == Expected.ALL) {
      find("input " + input + " was consumed by nobody and is not there");
    }
  }

  private Expected expected(Trial trial) {
    return trial.expected(decisions.apply(trial.id()));
  }

  private void find(String finding) {
    if (findings.size() < MAX_FINDINGS) {
      findings.add(finding);
    }
  }
}
