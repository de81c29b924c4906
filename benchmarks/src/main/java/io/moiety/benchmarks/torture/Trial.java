package io.moiety.benchmarks.torture;

import io.moiety.benchmarks.torture.History.Event;
import io.moiety.client.BranchState;
import io.moiety.client.HalfMessage;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** One transaction as its history tells it, and what must have become of it. For one thread. */
final class Trial {
  /** What an administrator is told of what is committed. */
  private static final Set<String> COMMITTED =
      Set.of(BranchState.COMMITTED.name(), BranchState.HEURISTIC_COMMIT.name());

  private final TrialId id;
  private final Event begin;
  private final String kind;
  private final int messages;
  private final Set<Event> told = EnumSet.noneOf(Event.class);
  private final Set<String> done = new HashSet<>();
  private final Set<String> refused = new HashSet<>();
  private String stored = "";
  private String taken = "";
  private String outcome = "";
  private String administered = "";
  private int resumes;

  /** What must be seen of it when all is settled. */
  enum Expected {
    ALL,
    NONE,
    /** All or nothing. */
    EITHER
  }

  private Trial(TrialId id, Event begin, String kind, int messages) {
    this.id = id;
    this.begin = begin;
    this.kind = kind;
    this.messages = messages;
  }

  /** The transaction that a first line begins. */
  static Trial begun(TrialId id, Event begin, String detail) {
    String[] words = detail.split(" ", -1);
    return new Trial(id, begin, words[0], begin == Event.BRANCH ? Integer.parseInt(words[1]) : 1);
  }

  void add(Event event, String detail) {
    told.add(event);
    switch (event) {
      case TOOK -> taken = detail;
      case DONE -> done.add(detail);
      case REFUSED -> refused.add(detail);
      case OUTCOME -> outcome = detail;
      case STORED -> stored = detail;
      case RESUMED -> resumes++;
      case ADMINISTERED -> administered = detail;
      case HALF, BRANCH, INPUT, PREPARED -> {}
    }
  }

  TrialId id() {
    return id;
  }

  boolean isInput() {
    return begin == Event.INPUT;
  }

  /** The input that it consumed, if it commits. */
  Optional<String> taken() {
    return taken.isEmpty() ? Optional.empty() : Optional.of(taken);
  }

  List<String> messages() {
    return IntStream.rangeClosed(1, messages).mapToObj(id::message).toList();
  }

  /** An open branch whose prepare was confirmed: recovery must list it. */
  boolean mustBeListed() {
    return mayBeListed() && told.contains(Event.PREPARED);
  }

  /** An open branch; whether its prepare came to the disk may be unknown. */
  boolean mayBeListed() {
    return begin == Event.BRANCH && kind.equals(BranchKind.OPEN.name());
  }

  /** A half message that its application decides nothing on. */
  boolean isOpenHalf() {
    return isHalf()
        && (kind.equals(HalfKind.OPEN.name()) || kind.equals(HalfKind.ADMINISTERED.name()));
  }

  boolean isHalf() {
    return begin == Event.HALF;
  }

  /** Whether the broker has confirmed that its half message is stored. */
  boolean isStored() {
    return !stored.isEmpty();
  }

  /** How often an administrator took its half message back from where it was parked. */
  int resumes() {
    return resumes;
  }

  /** Whether an administrator has decided it. */
  boolean isAdministered() {
    return !administered.isEmpty();
  }

  /** Its half message, as the broker must be told of it. */
  HalfMessage half() {
    return HalfNames.read(stored);
  }

  Expected expected(Decision decision) {
    if (isInput()) {
      return told.contains(Event.STORED) ? Expected.ALL : Expected.EITHER;
    }
    if (kind.equals(BranchKind.ONE_PHASE.name())) {
      return expectedOfOnePhase();
    }
    if (kind.equals(HalfKind.CONTRADICT.name()) && decision == Decision.OPEN) {
      return expectedOfContradiction();
    }
    return decision == Decision.COMMIT ? Expected.ALL : Expected.NONE;
  }

  private Expected expectedOfOnePhase() {
    if (!done.isEmpty() || outcome.equals(BranchState.COMMITTED.name())) {
      return Expected.ALL;
    }
    boolean rolledBack = !refused.isEmpty() || outcome.equals(BranchState.ROLLED_BACK.name());
    return rolledBack ? Expected.NONE : Expected.EITHER;
  }

  private Expected expectedOfContradiction() {
    if (done.contains("COMMIT")) {
      return Expected.ALL;
    }
    return done.contains("ROLLBACK") ? Expected.NONE : Expected.EITHER;
  }

  /** What its own answers contradict, whatever else was seen; empty when nothing. */
  Optional<String> contradiction(Decision decision) {
    if (done.contains("COMMIT") && done.contains("ROLLBACK")) {
      return Optional.of("a commit and a rollback were confirmed");
    }
    if (isAdministered() && COMMITTED.contains(administered) != (decision == Decision.COMMIT)) {
      return Optional.of(
          "decided " + decision + ", and by its administrator it is " + administered);
    }
    boolean wanted =
        (begin == Event.HALF && decision != Decision.OPEN)
            || (begin == Event.BRANCH && told.contains(Event.PREPARED));
    return wanted && !refused.isEmpty()
        ? Optional.of("decided " + decision + ", and refused: " + refused)
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "%s %s %s (%s, done %s, refused %s, outcome '%s')"
        .formatted(id.text(), begin, kind, told, done, refused, outcome);
  }
}
