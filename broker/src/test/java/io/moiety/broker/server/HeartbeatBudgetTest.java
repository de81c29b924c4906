package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HeartbeatBudgetTest {

  private static final long HALF = HeartbeatBudget.MAX_CONNECTION_BYTES / 2;

  private final HeartbeatBudget budget = new HeartbeatBudget(3 * HALF);
  private final Connection first = new ScriptedConnection(1);
  private final Connection second = new ScriptedConnection(2);

  @Test
  void subscriptionsOfOneConnectionAreBounded() {
    budget.joined(first, HALF);
    assertThat(budget.refuse(first, 1, HALF)).isEmpty();
    assertThat(budget.refuse(first, 1, HALF + 1).orElseThrow())
        .contains("the groups and subscriptions of this connection would take");
  }

  @Test
  void subscriptionsOfAllConnectionsAreBounded() {
    budget.joined(first, HALF);
    budget.joined(first, HALF);
    budget.joined(second, HALF);
    assertThat(budget.refuse(second, 1, 1).orElseThrow())
        .contains("the groups and subscriptions of all clients would take");

    budget.closed(first);
    assertThat(budget.refuse(second, 1, HALF)).isEmpty();
  }

  @Test
  void whatIsLeftIsFreeAgain() {
    for (int i = 0; i < 10_000; i++) {
      assertThat(budget.refuse(first, 1, HALF)).isEmpty();
      budget.joined(first, HALF);
      budget.left(first, HALF);
    }
    budget.left(first, HALF);
    budget.joined(second, HALF);
    budget.joined(second, HALF);
    assertThat(budget.refuse(first, 1, HALF)).isEmpty();
  }

  @Test
  void aConnectionIsInAsManyGroupsAsSaidAndMaySayAnewWhatItIsIn() {
    for (int i = 0; i < HeartbeatBudget.MAX_MEMBERSHIPS; i++) {
      assertThat(budget.refuse(first, 1, 0)).isEmpty();
      budget.joined(first, 0);
    }
    assertThat(budget.refuse(first, 1, 0).orElseThrow()).contains("1024 groups; 1024 are allowed");
    assertThat(budget.refuse(first, 0, 1)).isEmpty();
  }
}
