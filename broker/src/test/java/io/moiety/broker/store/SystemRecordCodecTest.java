package io.moiety.broker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.protocol.BranchXid;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class SystemRecordCodecTest {
  private static final BranchXid XID = new BranchXid(7, new byte[] {1, 2}, new byte[] {3});
  private static final List<SystemRecord.BranchSend> SENDS =
      List.of(new SystemRecord.BranchSend(1, 100, 200), new SystemRecord.BranchSend(2, 300, 400));
  private static final List<AckRange> ACKS = List.of(new AckRange("g", "t", 1, 2, 3));

  static final List<SystemRecord> FACTS =
      List.of(
          new SystemRecord.BrokerStarted("uuid", 3, 4),
          new SystemRecord.TopicSet(new TopicConfig("t", 4, 8, 6, true)),
          new SystemRecord.TopicDeleted("t"),
          new SystemRecord.GroupSet(GroupConfig.plain("g")),
          new SystemRecord.GroupSet(
              new GroupConfig(
                  "g",
                  Optional.of("t"),
                  Optional.of("a = 'ä'"),
                  Optional.of("c"),
                  false,
                  true,
                  true,
                  3,
                  new ClassicSettings(
                      false,
                      true,
                      false,
                      true,
                      false,
                      2,
                      3L << 32,
                      4L << 32,
                      5,
                      6,
                      Optional.of("{}")))),
          new SystemRecord.GroupDeleted("g"),
          new SystemRecord.OffsetsCommitted(
              List.of(new SystemRecord.CommittedOffset("g", "t", 1, 99))),
          new SystemRecord.Acknowledged(ACKS),
          new SystemRecord.DeliveryCounted("g", "t", 0, Map.of(5L, 2)),
          new SystemRecord.BranchPrepared(XID, 1L << 32 | 5, 6, SENDS, ACKS),
          new SystemRecord.BranchDecided(
              XID, 9, SystemRecord.Decision.HEURISTIC_ROLLBACK, "admin", 6, SENDS, ACKS),
          new SystemRecord.BranchDone(9),
          new SystemRecord.BranchForgotten(9),
          new SystemRecord.HalfChecked(123, 4, 567),
          new SystemRecord.QueuesPositioned(
              List.of(
                  new SystemRecord.QueuePosition("t", 1, 99),
                  new SystemRecord.QueuePosition("u", 0, 1L << 40))),
          new SystemRecord.RequestModeSet("g", "t", true, 8),
          new SystemRecord.DelayCancelled("t", 1, 2, 3, 4));

  @ParameterizedTest
  @FieldSource("FACTS")
  void everyFactIsReadBackAsItWasWritten(SystemRecord fact) {
    assertThat(SystemRecordCodec.decode(SystemRecordCodec.encode(fact))).isEqualTo(fact);
  }

  @Test
  void theBytesOfAFactDoNotChange() {
    byte[] bytes = new byte[21];
    SystemRecordCodec.encode(new SystemRecord.HalfChecked(123, 4, 567)).get(bytes);
    assertThat(bytes)
        .containsExactly(13, 0, 0, 0, 0, 0, 0, 0, 123, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 2, 55);
  }

  @Test
  void anUnknownKindIsRefused() {
    assertThatThrownBy(() -> SystemRecordCodec.decode(ByteBuffer.wrap(new byte[] {99})))
        .hasMessageContaining("99");
  }
}
