package io.moiety.broker.server;

import io.moiety.broker.transaction.ListingCursor.Section;
import io.moiety.protocol.BadFieldException;
import io.moiety.protocol.Fields;
import io.moiety.protocol.body.TransactionBody;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which transactions an administrator wants to see. One whose parts are not all known is taken for
 * one of each topic and group, so that none is missed.
 *
 * @param states empty for all
 * @param untilMillis those that are not younger; a time since 1970
 */
record TransactionFilter(
    Set<String> states, Optional<String> topic, Optional<String> group, long untilMillis) {
  private static final List<String> HALF_STATES = List.of("OPEN", "PARKED");
  private static final List<String> BRANCH_STATES =
      List.of("ACTIVE", "ROLLBACK_ONLY", "PREPARED", "HEURISTIC_COMMIT", "HEURISTIC_ROLLBACK");

  TransactionFilter {
    states = Set.copyOf(states);
  }

  /**
   * As a request's fields say.
   *
   * @throws BadFieldException when one of the states is none
   */
  static TransactionFilter of(Fields fields, long nowMillis) {
    Set<String> states = Set.of();
    Optional<String> wanted = fields.text("states").filter(text -> !text.isEmpty());
    if (wanted.isPresent()) {
      states = Set.copyOf(Arrays.asList(wanted.get().split(",")));
      for (String state : states) {
        if (!HALF_STATES.contains(state) && !BRANCH_STATES.contains(state)) {
          throw new BadFieldException(
              "states", wanted.get(), "some of " + HALF_STATES + " and " + BRANCH_STATES);
        }
      }
    }
    return new TransactionFilter(
        states,
        fields.text("topic"),
        fields.text("group"),
        nowMillis - Math.max(0, fields.longOr("minAgeMillis", 0)));
  }

  /** Where something of it may be. */
  Set<Section> sections() {
    EnumSet<Section> sections = EnumSet.noneOf(Section.class);
    for (Section section : Section.values()) {
      boolean wanted =
          switch (section) {
            case OPEN, PARKED -> takesState(section.name());
            case BRANCH -> BRANCH_STATES.stream().anyMatch(this::takesState);
          };
      if (wanted) {
        sections.add(section);
      }
    }
    return sections;
  }

  private boolean takesState(String state) {
    return states.isEmpty() || states.contains(state);
  }

  boolean takes(TransactionBody transaction) {
    return takesState(transaction.state())
        && (transaction.sinceMillis() == null || transaction.sinceMillis() <= untilMillis)
        && topic.map(name -> isOnTopic(transaction, name)).orElse(true)
        && group.map(name -> isOfGroup(transaction, name)).orElse(true);
  }

  private static boolean isOnTopic(TransactionBody transaction, String topic) {
    return hasUnknownParts(transaction)
        || topic.equals(transaction.topic())
        || parts(transaction).stream().anyMatch(part -> topic.equals(part.topic()));
  }

  private static boolean isOfGroup(TransactionBody transaction, String group) {
    return hasUnknownParts(transaction)
        || group.equals(transaction.group())
        || parts(transaction).stream().anyMatch(part -> group.equals(part.group()));
  }

  private static boolean hasUnknownParts(TransactionBody transaction) {
    Integer messages = transaction.messages();
    Integer acknowledgements = transaction.acknowledgements();
    return messages != null
        && acknowledgements != null
        && parts(transaction).size() < messages + acknowledgements;
  }

  private static List<TransactionBody.Part> parts(TransactionBody transaction) {
    List<TransactionBody.Part> parts = transaction.parts();
    return parts == null ? List.of() : parts;
  }
}
