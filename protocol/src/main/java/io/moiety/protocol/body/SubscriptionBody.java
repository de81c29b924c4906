package io.moiety.protocol.body;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Set;

/**
 * A consumer group's subscription to one topic.
 *
 * @param tags the tags that {@code subString} names; empty means all
 * @param tagHashes {@link String#hashCode} of each of them
 * @param version time in ms at which the client made it; a later one replaces an earlier
 * @param expressionType TAG or SQL92
 */
public record SubscriptionBody(
    String topic,
    String subString,
    @JsonProperty("tagsSet") Set<String> tags,
    @JsonProperty("codeSet") Set<Integer> tagHashes,
    @JsonProperty("subVersion") long version,
    String expressionType,
    boolean classFilterMode) {

  public static final String TAG = "TAG";
  public static final String SQL92 = "SQL92";
  public static final String ALL = "*";

  public SubscriptionBody {
    Members.required(topic, "topic");
    subString = subString == null ? ALL : subString;
    tags = tags == null ? Set.of() : Set.copyOf(tags);
    tagHashes = tagHashes == null ? Set.of() : Set.copyOf(tagHashes);
    expressionType = expressionType == null || expressionType.isEmpty() ? TAG : expressionType;
  }
}
