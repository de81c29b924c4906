package io.moiety.broker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LedgersTest {

  private final Ledgers ledgers = new Ledgers(2);

  @Test
  void groupsComeToNoMoreQueuesThanTheLimitAndGoOnWhereTheyAre() {
    ledgers.ledger(new LedgerKey("G", "T", 0));
    assertThat(ledgers.refuse("G", "T", 1)).isEmpty();
    ledgers.ledger(new LedgerKey("G", "T", 1));

    assertThat(ledgers.refuse("H", "T", 0).orElseThrow())
        .contains("groups are on 2 queues", "the limit is 2");
    assertThat(ledgers.refuse("G", "T", 0)).isEmpty();
  }
}
