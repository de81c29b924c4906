package io.moiety.broker.filter;

import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * RocketMQ's tag expression {@code A || B}: first by the hash in the consume queue, then by the
 * text, since different tags may share a hash.
 */
public final class TagFilter implements MessageFilter {
  private static final String EVERYTHING = "*";
  private static final String OR = "\\|\\|";

  private final Set<String> tags;
  private final Set<Long> tagsCodes;

  private TagFilter(Set<String> tags) {
    this.tags = tags;
    this.tagsCodes = tags.stream().map(TagFilter::codeOf).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Reads an expression.
   *
   * @param expression tags joined by {@code ||}; empty or {@code *} for everything
   * @throws BadFilterException when there is nothing between the bars
   */
  public static MessageFilter parse(String expression) {
    if (expression.isBlank() || expression.strip().equals(EVERYTHING)) {
      return ALL;
    }
    Set<String> tags =
        Arrays.stream(expression.split(OR))
            .map(String::strip)
            .filter(tag -> !tag.isEmpty())
            .collect(Collectors.toUnmodifiableSet());
    if (tags.isEmpty()) {
      throw new BadFilterException(
          "Tag expression '" + expression + "' names no tag; write 'A || B', or * for all");
    }
    return new TagFilter(tags);
  }

  /** The number that the consume queue holds for these tags. */
  public static long codeOf(String tags) {
    return tags.hashCode();
  }

  @Override
  public boolean mayMatch(long tagsCode) {
    return tagsCodes.contains(tagsCode);
  }

  @Override
  public boolean matches(RecordView message) {
    return message.property(PropertyNames.TAGS).filter(tags::contains).isPresent();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TagFilter filter && filter.tags.equals(tags);
  }

  @Override
  public int hashCode() {
    return tags.hashCode();
  }
}
