package io.moiety.broker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.protocol.Command;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.SystemTopics;
import org.junit.jupiter.api.Test;

final class LedgersTest {

  private static final LoggedRecord RECORD =
      new LoggedRecord(
          SystemTopics.STATE, 0, 0, 0, 0, 0, 0, 0, 0, MessageProperties.empty(), Command.noBody());

  private final Ledgers ledgers = new Ledgers(2);

  @Test
  void groupsComeToNoMoreQueuesThanTheLimitAndGoOnWhereTheyAre() {
    ledgers.ledger(new LedgerKey("G", "T", 0));
    assertThat(ledgers.refuseQueue("G", "T", 1)).isEmpty();
    ledgers.ledger(new LedgerKey("G", "T", 1));

    assertThat(ledgers.refuseQueue("H", "T", 0).orElseThrow())
        .contains("groups are on 2 queues", "the limit is 2");
    assertThat(ledgers.refuseQueue("G", "T", 0)).isEmpty();
  }

  @Test
  void aGroupThatIsNewToATopicNeedsRoomForAllItsQueues() {
    ledgers.ledger(new LedgerKey("G", "T", 1));

    assertThat(ledgers.refuseTopic("H", "T", 1)).isEmpty();
    assertThat(ledgers.refuseTopic("H", "T", 2).orElseThrow()).contains("the limit is 2");
    assertThat(ledgers.refuseTopic("G", "T", 2)).as("it is at work").isEmpty();
  }

  @Test
  void whatGoesWithItsGroupOrTopicMakesRoom() {
    ledgers.ledger(new LedgerKey("G", "T", 0));
    ledgers.ledger(new LedgerKey("H", "U", 0));
    ledgers.applyFact(new SystemRecord.TopicDeleted("T"), RECORD);
    assertThat(ledgers.refuseTopic("K", "V", 1)).isEmpty();
    ledgers.ledger(new LedgerKey("G", "T", 0));
    ledgers.applyFact(new SystemRecord.GroupDeleted("H"), RECORD);
    assertThat(ledgers.refuseTopic("K", "V", 1)).isEmpty();
  }
}
