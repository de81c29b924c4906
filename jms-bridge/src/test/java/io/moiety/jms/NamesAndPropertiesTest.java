package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.MessageFormatException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesAndPropertiesTest {

  private static final String ROCKETMQ_NAME = "[%|a-zA-Z0-9_-]+";

  @Test
  void namesThatRocketMqHasAreKept() throws Exception {
    assertThat(DestinationNames.topic(new MoietyQueue("orders_2-a|b"))).isEqualTo("orders_2-a|b");
    assertThat(DestinationNames.topic(new MoietyQueue("%DLQ%orders"))).isEqualTo("%DLQ%orders");
    assertThat(DestinationNames.topic(new MoietyTopic("a.b/ü"))).isEqualTo("a%2Eb%2F%C3%BC");
  }

  @Test
  void namesThatCannotBeTopicsAreRefused() {
    assertThatThrownBy(() -> DestinationNames.topic(new MoietyQueue("q".repeat(128))))
        .isInstanceOf(InvalidDestinationException.class)
        .hasMessageContaining("127");
    assertThatThrownBy(() -> DestinationNames.topic(new MoietyQueue("RMQ_SYS_TRANS_HALF_TOPIC")))
        .isInstanceOf(InvalidDestinationException.class);
    assertThatThrownBy(() -> new MoietyQueue(" ")).isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void groupNamesAreRocketMqsAndDiffer(
      @ForAll @StringLength(min = 1, max = 200) String name,
      @ForAll @StringLength(min = 1, max = 200) String other) {
    String group = DestinationNames.durableGroup("client", name);
    assertThat(group).matches(ROCKETMQ_NAME).hasSizeLessThanOrEqualTo(120);
    if (!name.equals(other)) {
      assertThat(DestinationNames.durableGroup("client", other)).isNotEqualTo(group);
    }
  }

  @Test
  void partsOfGroupNamesCannotRunIntoEachOther() {
    assertThat(DestinationNames.durableGroup("a|b", "c"))
        .isNotEqualTo(DestinationNames.durableGroup("a", "b|c"));
    assertThat(DestinationNames.durableGroup(null, "s"))
        .isNotEqualTo(DestinationNames.sharedGroup(null, "s"));
  }

  @Test
  void destinationsAreReadBackFromTheirText() {
    for (NamedDestination destination :
        List.of(
            new MoietyQueue("q"),
            new MoietyTopic("t.x"),
            new JmsTemporaryQueue("tq", null),
            new JmsTemporaryTopic("tt", null))) {
      assertThat(DestinationNames.parse(destination.toText())).contains(destination);
    }
    assertThat(DestinationNames.parse("http://x")).isEmpty();
    assertThat(DestinationNames.parse("queue://")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1a",
        "a-b",
        "a b",
        "NULL",
        "TRUE",
        "AND",
        "LIKE",
        "JMSXState",
        "JMSXDeliveryCount",
        "a.b"
      })
  void namesThatSelectorsCannotNameAreRefused(String name) {
    assertThatThrownBy(() -> new UserProperties().set(name, 1)).isInstanceOf(JMSException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "and", "Like", "isNull"})
  void wordsOfTheSelectorSyntaxInOtherLettersAreNames(String name) throws Exception {
    UserProperties properties = new UserProperties();
    properties.set(name, 1);
    assertThat(properties.get(name)).isEqualTo(1);
  }

  @Test
  void namelessAndMistypedPropertiesAreRefused() throws Exception {
    UserProperties properties = new UserProperties();
    assertThatThrownBy(() -> properties.set("", 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> properties.set(null, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> properties.set("a", new Object()))
        .isInstanceOf(MessageFormatException.class);
    assertThatThrownBy(() -> properties.set("a", 'c')).isInstanceOf(MessageFormatException.class);
    assertThatThrownBy(() -> properties.set("JMSXGroupSeq", "1"))
        .isInstanceOf(MessageFormatException.class);
    properties.set("JMSXGroupID", null);
    properties.set("_ok$1", 1);
    properties.set("JMS_OtherVendor_Name", "kept");
  }
}
