package io.moiety.broker.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TagFilterTest {

  @Test
  void wantsOnlyItsTags() {
    MessageFilter filter = TagFilter.parse(" A||B || C ");
    assertThat(filter.matches(tagged("B"))).isTrue();
    assertThat(filter.matches(tagged("D"))).isFalse();
    assertThat(filter.matches(Messages.with(MessageProperties.empty()))).isFalse();
    assertThat(filter.mayMatch("C".hashCode())).isTrue();
    assertThat(filter.mayMatch("D".hashCode())).isFalse();
    assertThat(filter.mayMatch(0)).isFalse();
  }

  @Test
  void tellsTagsWithTheSameHashByTheirText() {
    MessageFilter filter = TagFilter.parse("Aa");
    assertThat(filter.mayMatch("BB".hashCode())).isTrue();
    assertThat(filter.matches(tagged("BB"))).isFalse();
  }

  @Test
  void starAndBlankWantEverything() {
    assertThat(TagFilter.parse("*")).isEqualTo(MessageFilter.ALL);
    assertThat(TagFilter.parse("")).isEqualTo(MessageFilter.ALL);
  }

  @Test
  void refusesAnExpressionWithoutTags() {
    assertThatThrownBy(() -> TagFilter.parse("||"))
        .isInstanceOf(BadFilterException.class)
        .hasMessageContaining("'||'");
  }

  @Test
  void noLocalPassesOverTheClientsOwn() {
    MessageFilter filter = new NotFromClient("me");
    assertThat(filter.matches(from("me"))).isFalse();
    assertThat(filter.matches(from("you"))).isTrue();
    assertThat(filter.matches(tagged("A"))).isTrue();
    assertThat(filter.and(TagFilter.parse("A")).matches(from("you"))).isFalse();
  }

  private static RecordView tagged(String tags) {
    return Messages.with(MessageProperties.of(Map.of(PropertyNames.TAGS, tags)));
  }

  private static RecordView from(String client) {
    return Messages.with(MessageProperties.of(Map.of(PropertyNames.JMS_CLIENT_ID, client)));
  }
}
