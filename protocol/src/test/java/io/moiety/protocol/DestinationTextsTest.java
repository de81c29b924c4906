package io.moiety.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DestinationTextsTest {

  @Test
  void queuesAndTopicsAreToldApartByKindAndName() {
    assertThat(DestinationTexts.isQueue("queue://orders", "orders")).isTrue();
    assertThat(DestinationTexts.isQueue("temp-queue://orders", "orders")).isTrue();
    assertThat(DestinationTexts.isQueue("topic://orders", "orders")).isFalse();
    assertThat(DestinationTexts.isQueue("queue://order", "orders")).isFalse();
    assertThat(DestinationTexts.isQueue("queue://%DLQ%orders", "orders")).isFalse();
    assertThat(DestinationTexts.isTopic("topic://orders", "orders")).isTrue();
    assertThat(DestinationTexts.isTopic("temp-topic://orders", "orders")).isTrue();
    assertThat(DestinationTexts.isTopic("queue://orders", "orders")).isFalse();
    assertThat(DestinationTexts.isTopic("orders", "orders")).isFalse();
  }

  @Test
  void namesOfAnyCharactersAreThoseOfTheirTopics() {
    assertThat(DestinationTexts.isTopic("topic://a b/ü", "a%20b%2F%C3%BC")).isTrue();
    assertThat(DestinationTexts.isTopic("topic://a%20b", "a%20b")).isTrue();
    assertThat(DestinationTexts.isTopic("topic://a c", "a%20b")).isFalse();
  }
}
