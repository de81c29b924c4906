package io.moiety.broker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaseRecordCodecTest {

  private static byte[] bytes(BaseRecord record) {
    ByteBuffer encoded = BaseRecordCodec.encode(record);
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return bytes;
  }

  @Test
  void everyRecordIsReadBackAsItWasWritten() {
    for (BaseRecord record :
        List.of(
            new BaseRecord.Begun(1, "id"),
            new BaseRecord.Said(List.of()),
            new BaseRecord.Said(SystemRecordCodecTest.FACTS),
            new BaseRecord.Ended("id", 7))) {
      assertThat(BaseRecordCodec.decode(ByteBuffer.wrap(bytes(record)))).isEqualTo(record);
    }
  }

  @Test
  void theBytesOfABaseDoNotChange() {
    assertThat(bytes(new BaseRecord.Begun(1, "ab")))
        .containsExactly(1, 0, 0, 0, 1, 0, 0, 0, 2, 'a', 'b');
    assertThat(bytes(new BaseRecord.Said(List.of(new SystemRecord.BranchDone(5)))))
        .containsExactly(2, 0, 0, 0, 9, 11, 0, 0, 0, 0, 0, 0, 0, 5);
    assertThat(bytes(new BaseRecord.Ended("ab", 3)))
        .containsExactly(3, 0, 0, 0, 2, 'a', 'b', 0, 0, 0, 3);
  }

  @Test
  void aRecordOrAFormatOfANewerVersionIsRefused() {
    assertThatThrownBy(() -> BaseRecordCodec.decode(ByteBuffer.wrap(new byte[] {9})))
        .hasMessageContaining("kind 9 is unknown to this version");
    byte[] newer = bytes(new BaseRecord.Begun(2, "ab"));
    assertThatThrownBy(() -> BaseRecordCodec.decode(ByteBuffer.wrap(newer)))
        .hasMessageContaining("format 2 is unknown to this version");
  }
}
