package io.moiety.broker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.log.Appended;
import io.moiety.broker.store.AckRange;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.SystemRecord.CommittedOffset;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.RecordDraft;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerFactsTest {
  private static final LoggedRecord RECORD =
      new LoggedRecord(
          "", 0, 0, 0, 0, 0, 0, 0, 0, MessageProperties.empty(), ByteBuffer.allocate(0));

  private static List<SystemRecord> said(Ledgers ledgers) {
    List<SystemRecord> facts = new ArrayList<>();
    ledgers.sayFacts(facts::add);
    return facts;
  }

  private static void apply(Ledgers ledgers, List<SystemRecord> facts) {
    facts.forEach(fact -> ledgers.applyFact(fact, RECORD));
  }

  @Test
  void whatIsSaidGivesTheSameLedgersToThoseThatForgotEverything() {
    Ledgers ledgers = new Ledgers();
    apply(
        ledgers,
        List.of(
            new SystemRecord.OffsetsCommitted(
                List.of(new CommittedOffset("g", "t", 0, 5), new CommittedOffset("h", "t", 1, 0))),
            new SystemRecord.Acknowledged(
                List.of(new AckRange("g", "t", 0, 7, 9), new AckRange("new", "t", 0, 0, 3))),
            new SystemRecord.DeliveryCounted("g", "t", 0, Map.of(6L, 2, 11L, 1)),
            new SystemRecord.DeliveryCounted("only-counted", "t", 0, Map.of(3L, 4))));
    Map<LedgerKey, LedgerState> state = ledgers.state();
    assertThat(state).hasSize(4);
    List<SystemRecord> facts = said(ledgers);
    ledgers.clearFacts();
    assertThat(ledgers.state()).isEmpty();
    apply(ledgers, facts);
    assertThat(ledgers.state()).isEqualTo(state);
  }

  @Test
  void thousandsOfScatteredRangesAndCountsAreSaidInFactsOfBoundedSize() {
    Ledgers ledgers = new Ledgers();
    for (int i = 1; i <= 10_000; i++) {
      long offset = 2L * i;
      apply(
          ledgers,
          List.of(
              new SystemRecord.Acknowledged(List.of(new AckRange("g", "t", 0, offset, offset))),
              new SystemRecord.DeliveryCounted("g", "t", 0, Map.of(offset + 1, 1))));
    }
    List<SystemRecord> facts = said(ledgers);
    assertThat(facts).hasSizeGreaterThan(40);
    for (SystemRecord fact : facts) {
      if (fact instanceof SystemRecord.Acknowledged acknowledged) {
        assertThat(acknowledged.ranges()).hasSizeLessThanOrEqualTo(256);
      } else if (fact instanceof SystemRecord.DeliveryCounted counted) {
        assertThat(counted.countByQueueOffset()).hasSizeLessThanOrEqualTo(4_096);
      }
    }
    Ledgers again = new Ledgers();
    apply(again, facts);
    assertThat(again.state()).isEqualTo(ledgers.state());
  }

  @Test
  void soManyAcknowledgementsThatTheyFillARecordAreSeveralFacts() {
    List<SystemRecord> recorded = new ArrayList<>();
    List<AckRange> ranges = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      ranges.add(new AckRange("g", "t", 0, 2L * i, 2L * i));
    }
    Appended last = new Recording(recorded).acknowledge(ranges);
    assertThat(last.position()).isEqualTo(3);
    assertThat(recorded)
        .extracting(fact -> ((SystemRecord.Acknowledged) fact).ranges().size())
        .containsExactly(4_096, 4_096, 1_808);
    assertThat(recorded)
        .flatExtracting(fact -> ((SystemRecord.Acknowledged) fact).ranges())
        .isEqualTo(ranges);
  }

  private record Recording(List<SystemRecord> facts) implements Journal {
    @Override
    public Appended record(SystemRecord fact) {
      facts.add(fact);
      return new Appended(facts.size(), 1, 0);
    }

    @Override
    public Logged put(RecordDraft draft) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void whenServed(long endPosition, Waiter waiter) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void whenDurable(long endPosition, Waiter waiter) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long endPosition() {
      return facts.size();
    }
  }
}
