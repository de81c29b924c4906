package io.moiety.shop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.moiety.shop.Item;
import io.moiety.shop.OrderRequest;
import io.moiety.shop.OrderState;
import io.moiety.shop.OrderView;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShopJsonTest {
  private static final UUID ID = UUID.fromString("5f0c2b1e-3c58-4a6f-9d1e-0a3b5c7d9e11");
  private static final OrderView ORDER =
      new OrderView(ID, 4, Item.HONEY, 2, false, OrderState.CONFIRMED, 1, true, 1000L, 31000L);
  private static final String ORDER_JSON =
      "{\"id\":\"5f0c2b1e-3c58-4a6f-9d1e-0a3b5c7d9e11\",\"revision\":4,\"item\":\"HONEY\","
          + "\"title\":\"Heather honey\",\"quantity\":2,\"totalCents\":1440,\"poison\":false,"
          + "\"state\":\"CONFIRMED\",\"deliveries\":1,\"packed\":true,\"placedAtMillis\":1000,"
          + "\"paymentDueAtMillis\":31000}";

  @Test
  void readsARequestAndTakesTheSwitchesForOff() {
    assertThat(ShopJson.request("{\"item\":\"GREEN_TEA\",\"quantity\":3}"))
        .isEqualTo(new OrderRequest(Item.GREEN_TEA, 3, false, false));
    assertThat(
            ShopJson.request(
                "{\"item\":\"HONEY\",\"quantity\":1,\"poison\":true,\"failAfterSends\":true}"))
        .isEqualTo(new OrderRequest(Item.HONEY, 1, true, true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"item":                                         | not a JSON object
          {"quantity":1}                                   | item is ""
          {"item":"ANVIL","quantity":1}                    | allowed is one of [GREEN_TEA
          {"item":"HONEY"}                                 | quantity is null
          {"item":"HONEY","quantity":1.5}                  | a whole number
          {"item":"HONEY","quantity":0}                    | allowed is 1 to 99
          {"item":"HONEY","quantity":100}                  | allowed is 1 to 99
          {"item":"HONEY","quantity":1e30}                 | a whole number, 1 to 99
          {"item":"HONEY","quantity":1,"poison":"yes"}     | poison is "yes"
          """)
  void refusesARequestAndSaysWhy(String json, String reason) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ShopJson.request(json))
        .withMessageContaining(reason);
  }

  @Test
  void writesAnOrder() {
    assertThat(ShopJson.order(ORDER)).hasToString(ORDER_JSON);
  }

  @Test
  void listsOrdersWithTheServersClockAndTheOrphans() {
    assertThat(ShopJson.orders(List.of(ORDER), 0, 5000L))
        .hasToString("{\"nowMillis\":5000,\"orphans\":0,\"orders\":[" + ORDER_JSON + "]}");
  }

  @Test
  void aProblemNamesItsOrder() {
    assertThat(ShopJson.problem("too late", ID))
        .hasToString("{\"problem\":\"too late\",\"order\":\"" + ID + "\"}");
  }
}
