package io.moiety.shop.demo;

import static io.moiety.shop.demo.Steps.require;

import io.moiety.shop.demo.ShopClient.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * What the shop promises, over HTTP: each step places its own orders and watches what an open page
 * would show of them. The last steps look back at all orders, after the time to pay is over.
 *
 * <p>Confined to one thread.
 */
final class ShopScenario {
  /** How long a busy machine may take for what usually takes milliseconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** How long after the time to pay a message that must not exist would have come. */
  private static final Duration MARGIN = Duration.ofSeconds(2);

  private static final int CROWD = 40;

  private final ShopClient shop;
  private final LiveOrders live;
  private final Steps steps;
  private final Duration paymentTimeout;
  private final List<String> failedOrders = new ArrayList<>();
  private final List<String> paidOrders = new ArrayList<>();
  private long lastFailedNanos = System.nanoTime();

  ShopScenario(ShopClient shop, LiveOrders live, Steps steps, Duration paymentTimeout) {
    this.shop = shop;
    this.live = live;
    this.steps = steps;
    this.paymentTimeout = paymentTimeout;
  }

  void run() throws InterruptedException {
    steps.step("a placed order is confirmed and its parcel packed", this::confirmed);
    steps.step("a confirmed order is paid", this::paid);
    steps.step("an order that fails after its sends leaves no row", this::failed);
    steps.step("a poison order is delivered again and dead-lettered", this::deadLettered);
    steps.step("an unpaid order is cancelled, and not too early", this::cancelled);
    steps.step("of " + CROWD + " orders every second fails, the others are confirmed", this::crowd);
    steps.step("no message of a failed order ever came", this::noOrphans);
    steps.step("paid orders stay paid", this::stillPaid);
  }

  private String confirmed() throws InterruptedException {
    ShopOrder order = placed("HONEY", false);
    long startNanos = System.nanoTime();
    ShopOrder confirmed = awaitState(order, "CONFIRMED");
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    live.await(order.id(), "packed", ShopOrder::packed, PATIENCE);
    require(confirmed.deliveries() == 1, "delivered " + confirmed.deliveries() + " times");
    return "confirmed after " + millis + " ms";
  }

  private String paid() throws InterruptedException {
    ShopOrder order = placed("GREEN_TEA", false);
    awaitState(order, "CONFIRMED");
    Answer answer = shop.pay(order.id());
    require(answer.status() == 200, "paying was answered with " + answer);
    paidOrders.add(order.id());
    return "";
  }

  private String failed() throws InterruptedException {
    placeFailing();
    return "";
  }

  private String deadLettered() throws InterruptedException {
    ShopOrder order = placed("STONE_CUP", true);
    awaitState(order, "DEAD_LETTERED");
    List<Integer> counts =
        live.of(order.id()).stream()
            .map(ShopOrder::deliveries)
            .filter(count -> count > 0)
            .distinct()
            .toList();
    List<Integer> expected = IntStream.rangeClosed(1, counts.size()).boxed().toList();
    require(counts.size() > 1 && counts.equals(expected), "delivery counts were " + counts);
    require(
        live.of(order.id()).stream().noneMatch(event -> event.state().equals("CONFIRMED")),
        "it was confirmed: " + live.of(order.id()));
    return "delivery counts " + counts;
  }

  private String cancelled() throws InterruptedException {
    ShopOrder order = placed("COFFEE_BEANS", false);
    awaitState(order, "CANCELLED");
    long lateMillis =
        shop.list().body().getJsonNumber("nowMillis").longValueExact() - order.paymentDueAtMillis();
    require(lateMillis >= 0, "cancelled " + -lateMillis + " ms before its time to pay was over");
    Answer answer = shop.pay(order.id());
    require(answer.status() == 409, "paying it then was answered with " + answer);
    return "seen " + lateMillis + " ms after the time to pay";
  }

  private String crowd() throws InterruptedException {
    List<ShopOrder> good = new ArrayList<>();
    for (int number = 0; number < CROWD; number += 2) {
      good.add(placed("HONEY", false));
      placeFailing();
    }
    for (ShopOrder order : good) {
      ShopOrder confirmed = awaitState(order, "CONFIRMED");
      require(
          confirmed.deliveries() == 1,
          "order " + order.id() + " was delivered " + confirmed.deliveries() + " times");
    }
    return "";
  }

  private String noOrphans() throws InterruptedException {
    long endNanos = lastFailedNanos + paymentTimeout.plus(MARGIN).toNanos();
    TimeUnit.NANOSECONDS.sleep(endNanos - System.nanoTime());
    int orphans = shop.list().body().getInt("orphans");
    require(orphans == 0, "messages came of " + orphans + " orders without a row");
    for (String order : failedOrders) {
      require(live.of(order).isEmpty(), "changes of order " + order + " were told");
      requireNoRow(order);
    }
    return failedOrders.size() + " failed orders";
  }

  private String stillPaid() throws InterruptedException {
    require(!paidOrders.isEmpty(), "no order could be paid");
    for (String order : paidOrders) {
      String state = shop.find(order).order().state();
      require(state.equals("PAID"), "order " + order + " is " + state);
    }
    return "";
  }

  private ShopOrder placed(String item, boolean poison) throws InterruptedException {
    Answer answer = shop.place(item, 1, poison, false);
    require(answer.status() == 201, "placing was answered with " + answer);
    return answer.order();
  }

  private void placeFailing() throws InterruptedException {
    Answer answer = shop.place("COFFEE_BEANS", 1, false, true);
    require(answer.status() == 500, "placing was answered with " + answer);
    String order = answer.body().getString("order");
    failedOrders.add(order);
    lastFailedNanos = System.nanoTime();
    requireNoRow(order);
  }

  private void requireNoRow(String order) throws InterruptedException {
    Answer answer = shop.find(order);
    require(answer.status() == 404, "order " + order + " was found: " + answer);
  }

  private ShopOrder awaitState(ShopOrder order, String state) throws InterruptedException {
    return live.await(order.id(), state, event -> event.state().equals(state), PATIENCE);
  }
}
