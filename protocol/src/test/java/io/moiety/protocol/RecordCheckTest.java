package io.moiety.protocol;

import static io.moiety.protocol.RecordSamples.V4;
import static io.moiety.protocol.RecordSamples.V6;
import static io.moiety.protocol.RecordSamples.draft;
import static io.moiety.protocol.RecordSamples.written;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RecordCheckTest {

  private static final long POSITION = 1L << 33;
  private final ByteBuffer record = written(draft("Topic", V4, V6), POSITION);
  private final int size = record.limit();

  @Test
  void acceptsARecordOnlyAtItsOwnPosition() {
    assertThat(RecordLayout.check(record, POSITION, size))
        .isEqualTo(new RecordCheck.Valid(size, false));
    assertThat(RecordLayout.check(record, POSITION + 1, size))
        .isEqualTo(
            new RecordCheck.Damaged(
                "the record says that its position is 8589934592; it lies at 8589934593"));
  }

  @Test
  void anyChangedBitIsDamage() {
    for (int bit = 0; bit < size * 8; bit++) {
      byte before = record.get(bit / 8);
      record.put(bit / 8, (byte) (before ^ 1 << bit % 8));
      assertThat(RecordLayout.check(record, POSITION, size))
          .as("bit %d of byte %d", bit % 8, bit / 8)
          .isNotInstanceOf(RecordCheck.Valid.class);
      record.put(bit / 8, before);
    }
  }

  @Test
  void anyCutIsTorn() {
    for (int available = 0; available < size; available++) {
      RecordCheck found = RecordLayout.check(record, POSITION, available);
      assertThat(found).isInstanceOf(RecordCheck.Torn.class);
      assertThat(((RecordCheck.Torn) found).availableBytes()).isEqualTo(available);
    }
  }

  @Test
  void readsNothingBeyondTheAvailableBytes() {
    ByteBuffer only = record.duplicate().limit(100).slice();
    assertThat(RecordLayout.check(only, POSITION, size)).isEqualTo(new RecordCheck.Torn(size, 100));
  }

  @Test
  void anotherPositionIsDamageAlsoWhenTheRecordIsCut() {
    assertThat(RecordLayout.check(record, 0, 50)).isInstanceOf(RecordCheck.Damaged.class);
  }

  @Test
  void clearedBytesAreNoRecord() {
    assertThat(RecordLayout.check(ByteBuffer.allocate(200), 0, 200))
        .isEqualTo(new RecordCheck.Damaged("no record begins here: size 0, magic 00000000"));
  }

  @Test
  void rocketMqsRecordsWithoutChecksumAreDamage() {
    ByteBuffer without = ByteBuffer.allocate(size - 20).put(record.duplicate().limit(size - 20));
    int propertiesLengthAt = size - 20 - 9;
    without.putInt(0, size - 20).putShort(propertiesLengthAt, (short) 7);
    assertThat(RecordView.of(without.flip()).property("TAGS")).contains("A");
    assertThat(RecordLayout.check(without, POSITION, size - 20))
        .isEqualTo(new RecordCheck.Damaged("the record does not end with a __CRC32# property"));
  }

  @Test
  void aChangedBlankIsDamage() {
    ByteBuffer blank = ByteBuffer.allocate(20);
    RecordLayout.writeBlank(blank, 1000, POSITION);
    blank.flip();
    for (int at = 0; at < 20; at++) {
      byte before = blank.get(at);
      blank.put(at, (byte) (before ^ 1));
      assertThat(RecordLayout.check(blank, POSITION, 20)).isInstanceOf(RecordCheck.Damaged.class);
      blank.put(at, before);
    }
    assertThat(RecordLayout.check(blank, POSITION, 20))
        .isEqualTo(new RecordCheck.Valid(1000, true));
    assertThat(RecordLayout.check(blank, POSITION, 19)).isEqualTo(new RecordCheck.Torn(20, 19));
  }

  @Property
  void noBytesPassForARecord(
      @ForAll @Size(max = 300) byte[] bytes,
      @ForAll @LongRange(min = 0) long position,
      @ForAll @IntRange(max = 400) int claimed,
      @ForAll boolean v1) {
    ByteBuffer at = ByteBuffer.wrap(bytes);
    if (bytes.length >= 36) {
      at.putInt(0, claimed).putInt(4, v1 ? RecordLayout.MAGIC_V1 : RecordLayout.MAGIC_BLANK);
      at.putLong(v1 ? 28 : 8, position);
    }
    assertThat(RecordLayout.check(at, position, bytes.length))
        .isNotInstanceOf(RecordCheck.Valid.class);
  }
}
