package io.moiety.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was answered before the disk had it, and what became of it. A killed process loses nothing
 * of it. A power cut may take the end of it, in the order of the log: nothing that a force has
 * covered, and nothing that lies before something that is left.
 *
 * <p>Messages and commits are known by bodies, and so is the acknowledgement of a message.
 */
final class EarlyAnswers {
  private final List<Answered> pending = new ArrayList<>();
  private final List<Committed> commits = new ArrayList<>();

  /** Bodies that a force has covered, or a start found. */
  private final Set<String> firm = new HashSet<>();

  private final Set<String> firmlyAcknowledged = new HashSet<>();

  /** Since the last check. */
  private boolean powerWasCut;

  private boolean powerWasCutForCommits;

  /** How many of these a power cut has taken so far. */
  private int taken;

  /** How many of these were left when a process had been killed. */
  private int leftByKills;

  /** What is found of a message. */
  enum Found {
    /** It waits for its consumer. */
    WAITING,
    /** It is there, and was acknowledged. */
    ACKNOWLEDGED
  }

  private enum Fate {
    LEFT,
    TAKEN,
    /** Whoever acknowledged it does not need it, and nor does the store. */
    UNKNOWN
  }

  private record Answered(long position, String body, boolean isAcknowledgement) {
    Fate fate(Map<String, Found> found, Set<String> consumed) {
      Found state = found.get(body);
      if (isAcknowledgement) {
        return state == null ? Fate.UNKNOWN : state == Found.ACKNOWLEDGED ? Fate.LEFT : Fate.TAKEN;
      }
      return state != null ? Fate.LEFT : consumed.contains(body) ? Fate.UNKNOWN : Fate.TAKEN;
    }
  }

  private record Committed(long endPosition, List<String> bodies) {}

  int taken() {
    return taken;
  }

  int leftByKills() {
    return leftByKills;
  }

  /** A sender was answered. */
  void message(long position, String body) {
    pending.add(new Answered(position, body, false));
  }

  /** A consumer was answered, by the record at this position. */
  void acknowledgement(long position, String body) {
    pending.add(new Answered(position, body, true));
  }

  /** A consumer was answered that waited for the disk. */
  void acknowledgedForGood(String body) {
    firmlyAcknowledged.add(body);
  }

  /** A commit was answered; all that it demands ends before this position. */
  void commit(long endPosition, List<String> bodies) {
    commits.add(new Committed(endPosition, bodies));
  }

  /** The log was forced up to here when it stopped. */
  void stopped(long durablePosition, boolean powerCut) {
    for (Answered answered : pending) {
      if (answered.position() < durablePosition) {
        makeFirm(answered);
      }
    }
    pending.removeIf(answered -> answered.position() < durablePosition);
    for (Committed committed : commits) {
      if (committed.endPosition() <= durablePosition) {
        firm.addAll(committed.bodies());
      }
    }
    commits.removeIf(committed -> committed.endPosition() <= durablePosition);
    powerWasCut |= powerCut;
    powerWasCutForCommits |= powerCut;
  }

  private void makeFirm(Answered answered) {
    (answered.isAcknowledgement() ? firmlyAcknowledged : firm).add(answered.body());
  }

  /**
   * Judges what a start has found; what it found stays from now on.
   *
   * @param found by bodies
   * @param consumed bodies of messages that may have been acknowledged, and may be gone then
   */
  void check(Map<String, Found> found, Set<String> consumed) {
    assertThat(firm).as("forced").allMatch(it -> found.containsKey(it) || consumed.contains(it));
    assertThat(firmlyAcknowledged)
        .as("acknowledged and forced")
        .noneMatch(body -> found.get(body) == Found.WAITING);
    pending.sort(Comparator.comparingLong(Answered::position));
    long takenFrom = Long.MAX_VALUE;
    for (Answered answered : pending) {
      switch (answered.fate(found, consumed)) {
        case TAKEN -> {
          assertThat(powerWasCut).as("power was cut, since %s is gone", answered).isTrue();
          takenFrom = Math.min(takenFrom, answered.position());
          taken++;
        }
        case LEFT -> {
          assertThat(answered.position()).as("behind what is gone").isLessThanOrEqualTo(takenFrom);
          leftByKills += powerWasCut ? 0 : 1;
          makeFirm(answered);
        }
        case UNKNOWN -> {}
      }
    }
    pending.clear();
    powerWasCut = false;
  }

  /** As {@link #check}, of commits, when what is left of them had the time to be completed. */
  void checkCommits(Map<String, Found> found, Set<String> consumed) {
    for (Committed committed : commits) {
      List<String> left =
          committed.bodies().stream().filter(body -> !consumed.contains(body)).toList();
      boolean isWhole = found.keySet().containsAll(left);
      boolean isGone = left.stream().noneMatch(found::containsKey);
      assertThat(isWhole || (isGone && powerWasCutForCommits)).as("%s", committed).isTrue();
      if (isWhole) {
        firm.addAll(left);
      } else {
        taken++;
      }
    }
    commits.clear();
    powerWasCutForCommits = false;
  }
}
