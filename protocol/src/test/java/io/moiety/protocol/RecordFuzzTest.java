package io.moiety.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Bytes where a record should be: as they come, and sealed, which is with the size, position and
 * checksum that they would have if they were one, so that what lies behind the checksum is reached.
 */
class RecordFuzzTest {

  private static final long POSITION = 0x0123_4567_89AB_CDEFL;
  private static final int CRC_BYTES = RecordLayout.CRC_PROPERTY_BYTES;

  @FuzzTest
  void isReadWithinItsBoundsAndAcceptedOnlyWhenWhole(byte[] bytes) {
    assertViewReadsOnlyWhatIsThere(bytes);
    if (RecordLayout.check(ByteBuffer.wrap(bytes), POSITION, bytes.length)
        instanceof RecordCheck.Valid valid) {
      assertAccepted(bytes, valid);
    }
    if (bytes.length >= RecordLayout.RECORD_MIN_BYTES + CRC_BYTES) {
      byte[] sealed = sealed(bytes);
      RecordCheck check = RecordLayout.check(ByteBuffer.wrap(sealed), POSITION, sealed.length);
      assertThat(check instanceof RecordCheck.Valid).isEqualTo(viewOf(sealed).isPresent());
      if (check instanceof RecordCheck.Valid valid) {
        assertAccepted(sealed, valid);
        assertNotAcceptedAnymoreWithOneBitChanged(sealed, bytes);
        assertCopyReadsTheSame(RecordView.of(ByteBuffer.wrap(sealed)));
      }
    }
  }

  private static Optional<RecordView> viewOf(byte[] bytes) {
    try {
      return Optional.of(RecordView.of(ByteBuffer.wrap(bytes)));
    } catch (MalformedRecordException refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
      return Optional.empty();
    }
  }

  private static void assertViewReadsOnlyWhatIsThere(byte[] bytes) {
    viewOf(bytes)
        .ifPresent(
            record -> {
              assertThat(record.sizeBytes()).isBetween(1, bytes.length);
              assertThat(record.toString()).contains(Long.toString(record.position()));
              assertThat(record.body().remaining()).isLessThan(record.sizeBytes());
              assertThat(record.properties().encodedBytes()).isLessThan(record.sizeBytes());
              assertThat(record.bornHost().getPort()).isNotNegative();
              assertThat(record.storeHost().getPort()).isNotNegative();
              assertThat(RecordView.of(record.bytesWithReconsumeTimes(7)).reconsumeTimes())
                  .isEqualTo(7);
            });
    try {
      assertThat(RecordView.list(ByteBuffer.wrap(bytes)).size())
          .isLessThanOrEqualTo(bytes.length / RecordLayout.RECORD_MIN_BYTES);
    } catch (MalformedRecordException refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
    }
  }

  private static void assertAccepted(byte[] bytes, RecordCheck.Valid valid) {
    ByteBuffer record = ByteBuffer.wrap(bytes);
    if (valid.blank()) {
      assertThat(record.getLong(RecordLayout.BLANK_POSITION_AT)).isEqualTo(POSITION);
      assertThat(record.getInt(RecordLayout.BLANK_CRC_AT))
          .isEqualTo(crcOf(bytes, RecordLayout.BLANK_CRC_AT));
      return;
    }
    int crcAt = valid.sizeBytes() - CRC_BYTES;
    assertThat(new String(bytes, crcAt, CRC_BYTES, US_ASCII))
        .isEqualTo(crcProperty(crcOf(bytes, crcAt)));
    RecordView view = RecordView.of(record);
    assertThat(view.position()).isEqualTo(POSITION);
    assertThat(view.sizeBytes()).isEqualTo(valid.sizeBytes());
    assertThat(view.property(PropertyNames.CRC32)).isEmpty();
  }

  /** CRC-32 finds every change of one bit; which bit, the input's first bytes say. */
  private static void assertNotAcceptedAnymoreWithOneBitChanged(byte[] sealed, byte[] input) {
    int bit = (ByteBuffer.wrap(input).getInt() & Integer.MAX_VALUE) % (8 * sealed.length);
    byte[] changed = sealed.clone();
    changed[bit / 8] ^= (byte) (1 << bit % 8);
    assertThat(RecordLayout.check(ByteBuffer.wrap(changed), POSITION, changed.length))
        .isNotInstanceOf(RecordCheck.Valid.class);
  }

  /** As retention copies what it carries forward. */
  private static void assertCopyReadsTheSame(RecordView record) {
    if (record.topic().isEmpty()) {
      return;
    }
    RecordDraft draft = RecordDraft.copyOf(record);
    ByteBuffer target = ByteBuffer.allocate(RecordLayout.sizeBytes(draft));
    RecordLayout.write(draft, POSITION, record.storeTimestampMillis(), target);
    assertThat(RecordLayout.check(target.flip(), POSITION, target.limit()))
        .isEqualTo(new RecordCheck.Valid(target.limit(), false));
    RecordView copy = RecordView.of(target);
    assertThat(RecordDraft.copyOf(copy)).isEqualTo(draft);
    assertThat(copy.storeTimestampMillis()).isEqualTo(record.storeTimestampMillis());
  }

  private static byte[] sealed(byte[] bytes) {
    byte[] sealed = bytes.clone();
    ByteBuffer.wrap(sealed)
        .putInt(RecordLayout.SIZE_AT, sealed.length)
        .putLong(RecordLayout.POSITION_AT, POSITION);
    int crcAt = sealed.length - CRC_BYTES;
    byte[] crc = crcProperty(crcOf(sealed, crcAt)).getBytes(US_ASCII);
    System.arraycopy(crc, 0, sealed, crcAt, CRC_BYTES);
    return sealed;
  }

  private static int crcOf(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) (crc.getValue() & Integer.MAX_VALUE);
  }

  private static String crcProperty(int crc) {
    String digits = new StringBuilder(String.format("%010d", crc)).reverse().toString();
    return "__CRC32#\u0001" + digits + "\u0002";
  }
}
