package io.moiety.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FieldsTest {

  private final Fields fields =
      Fields.builder()
          .put("int", -3)
          .put("long", 1L << 40)
          .put("yes", true)
          .put("text", "x")
          .build();

  @Test
  void givesTypedValues() {
    assertThat(fields.requiredInt("int")).isEqualTo(-3);
    assertThat(fields.requiredLong("long")).isEqualTo(1L << 40);
    assertThat(fields.flag("yes")).isTrue();
    assertThat(fields.flag("absent")).isFalse();
    assertThat(fields.requiredText("text")).isEqualTo("x");
    assertThat(fields.text("absent")).isEmpty();
    assertThat(fields.intOr("absent", 9)).isEqualTo(9);
    assertThat(fields.longOr("absent", 9)).isEqualTo(9);
  }

  @Test
  void saysWhichFieldIsMissingAndWhatItMustBe() {
    assertThatThrownBy(() -> fields.requiredInt("queueId"))
        .isInstanceOf(BadFieldException.class)
        .hasMessage("field 'queueId' is missing; it must be a whole number of 32 bits");
  }

  @Test
  void refusesMalformedValuesAlsoWhenTheFieldIsOptional() {
    assertThatThrownBy(() -> fields.intOr("text", 1))
        .isInstanceOf(BadFieldException.class)
        .hasMessage("field 'text' is 'x'; it must be a whole number of 32 bits");
    assertThatThrownBy(() -> fields.requiredInt("long")).isInstanceOf(BadFieldException.class);
    assertThatThrownBy(() -> fields.flag("text")).isInstanceOf(BadFieldException.class);
  }

  @Test
  void keepsOrderAndTakesTheLaterOfTwoValues() {
    Fields twice = Fields.builder().put("a", 1).put("b", 2).put("a", 3).build();
    assertThat(twice.asMap()).hasToString("{a=3, b=2}");
  }

  @Test
  void refusesMoreThanTheLimit() {
    Fields.Builder builder = Fields.builder();
    for (int i = 0; i < Fields.MAX_FIELDS; i++) {
      builder.put("f" + i, i);
    }
    builder.put("f0", "again");
    assertThatThrownBy(() -> builder.put("one more", 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
