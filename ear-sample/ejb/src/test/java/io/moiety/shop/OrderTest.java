package io.moiety.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OrderTest {
  private static final UUID ID = UUID.fromString("5f0c2b1e-3c58-4a6f-9d1e-0a3b5c7d9e11");
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  /** How a new order gets into each state. */
  private static final Map<OrderState, Consumer<Order>> WAYS =
      Map.of(
          OrderState.NEW, order -> {},
          OrderState.CONFIRMED, Order::confirm,
          OrderState.PAID,
              order -> {
                order.confirm();
                order.pay();
              },
          OrderState.CANCELLED, Order::cancel,
          OrderState.DEAD_LETTERED, Order::deadLetter);

  @ParameterizedTest
  @EnumSource
  void onlyANewOrderIsConfirmed(OrderState state) {
    assertMoves(state, Order::confirm, OrderState.CONFIRMED, state == OrderState.NEW);
  }

  @ParameterizedTest
  @EnumSource
  void onlyAConfirmedOrderIsPaid(OrderState state) {
    assertMoves(state, Order::pay, OrderState.PAID, state == OrderState.CONFIRMED);
  }

  @ParameterizedTest
  @EnumSource
  void anUnpaidOrderIsCancelledAndAPaidOneStaysPaid(OrderState state) {
    assertMoves(
        state,
        Order::cancel,
        OrderState.CANCELLED,
        state == OrderState.NEW || state == OrderState.CONFIRMED);
  }

  @ParameterizedTest
  @EnumSource
  void whatFulfilmentNeverTookIsDeadLetteredEvenIfCancelledMeanwhile(OrderState state) {
    assertMoves(
        state,
        Order::deadLetter,
        OrderState.DEAD_LETTERED,
        state == OrderState.NEW || state == OrderState.CANCELLED);
  }

  @ParameterizedTest
  @EnumSource
  void packsOnceAndOnlyWhatIsConfirmed(OrderState state) {
    Order order = orderIn(state);
    boolean due = state == OrderState.CONFIRMED || state == OrderState.PAID;

    assertThat(order.pack()).isEqualTo(due);
    assertThat(order.pack()).isFalse();
    assertThat(order.view().packed()).isEqualTo(due);
    assertThat(order.state()).isEqualTo(state);
  }

  @Test
  void deliveriesOnlyGrow() {
    Order order = orderIn(OrderState.NEW);

    assertThat(order.delivered(2)).isTrue();
    assertThat(order.delivered(1)).isFalse();
    assertThat(order.delivered(2)).isFalse();
    assertThat(order.view().deliveries()).isEqualTo(2);
  }

  @Test
  void viewAndMessageTellWhatWasOrdered() {
    Order order = orderIn(OrderState.NEW);

    assertThat(order.view())
        .isEqualTo(
            new OrderView(
                ID,
                0,
                Item.HONEY,
                3,
                true,
                OrderState.NEW,
                0,
                false,
                NOW.toEpochMilli(),
                NOW.plusSeconds(30).toEpochMilli()));
    assertThat(order.view().totalCents()).isEqualTo(3 * 720);
    assertThat(order.message()).isEqualTo(new OrderMessage(ID, Item.HONEY, 3, true));
  }

  private static Order orderIn(OrderState state) {
    Order order =
        new Order(ID, new OrderRequest(Item.HONEY, 3, true, false), NOW, Duration.ofSeconds(30));
    WAYS.get(state).accept(order);
    assertThat(order.state()).isEqualTo(state);
    return order;
  }

  private static void assertMoves(
      OrderState from, Predicate<Order> step, OrderState to, boolean allowed) {
    Order order = orderIn(from);

    assertThat(step.test(order)).isEqualTo(allowed);
    assertThat(order.state()).isEqualTo(allowed ? to : from);
  }
}
