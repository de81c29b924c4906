package io.moiety.ra.inbound;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Puts tags, as RocketMQ's consumers name them, into a message selector. Stateless. */
final class TagSelector {

  private static final String PROPERTY = "JMS_MOIETY_Tags";

  private TagSelector() {}

  /**
   * @param selector of the bean, empty for all messages
   * @param tags separated by {@code ||}; empty or {@code *} for all
   */
  static Optional<String> of(String selector, String tags) {
    List<String> wanted =
        Arrays.stream(tags.split("\\|\\|", -1))
            .map(String::trim)
            .filter(t -> !t.isEmpty())
            .toList();
    if (wanted.isEmpty() || wanted.contains("*")) {
      return selector.isBlank() ? Optional.empty() : Optional.of(selector);
    }
    String ofTags =
        wanted.stream()
            .map(tag -> "'" + tag.replace("'", "''") + "'")
            .collect(Collectors.joining(", ", PROPERTY + " IN (", ")"));
    return Optional.of(selector.isBlank() ? ofTags : "(" + selector + ") AND " + ofTags);
  }
}
