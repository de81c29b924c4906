package io.moiety.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderMessageTest {
  private static final String ID = "5f0c2b1e-3c58-4a6f-9d1e-0a3b5c7d9e11";
  private static final String JSON =
      "{\"order\":\"" + ID + "\",\"item\":\"STONE_CUP\",\"quantity\":2,\"poison\":true}";
  private static final OrderMessage MESSAGE =
      new OrderMessage(UUID.fromString(ID), Item.STONE_CUP, 2, true);

  @Test
  void writesTheAgreedJson() {
    assertThat(MESSAGE.toJson()).isEqualTo(JSON);
  }

  @Test
  void readsWhatItWrites() {
    assertThat(OrderMessage.parse(JSON)).isEqualTo(MESSAGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}",
        "{\"order\":\"no-uuid\",\"item\":\"STONE_CUP\",\"quantity\":2,\"poison\":true}",
        "{\"order\":\"" + ID + "\",\"item\":\"ANVIL\",\"quantity\":2,\"poison\":true}",
        "{\"order\":\"" + ID + "\",\"item\":\"STONE_CUP\",\"quantity\":\"2\",\"poison\":true}",
        "{\"order\":\"" + ID + "\",\"item\":\"STONE_CUP\",\"quantity\":2}",
      })
  void refusesAnyOtherBody(String body) {
    assertThatIllegalArgumentException().isThrownBy(() -> OrderMessage.parse(body));
  }
}
