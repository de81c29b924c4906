package io.moiety.protocol;

import static io.moiety.protocol.RecordSamples.V4;
import static io.moiety.protocol.RecordSamples.V6;
import static io.moiety.protocol.RecordSamples.draft;
import static io.moiety.protocol.RecordSamples.written;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class RecordLayoutTest {

  private static final HexFormat HEX = HexFormat.of();

  @Test
  void writesRocketMqsLayoutByteForByte() {
    String head =
        "0000007c" // 91 + 5 body + 1 topic + 7 properties + 20 checksum
            + "daa320a7"
            + "3610a686" // CRC-32 of "hello"
            + "00000002" // queue id
            + "00000003" // flag
            + "0000000000000004" // queue offset
            + "0000000000001000" // position
            + "00000008" // system flag
            + "0000000000000005" // born timestamp
            + "7f000001"
            + "00002a9f" // born host
            + "0000000000000008" // store timestamp
            + "7f000001"
            + "00002a9f" // store host
            + "00000006" // reconsume times
            + "0000000000000007" // prepared transaction offset
            + "00000005"
            + "68656c6c6f" // body
            + "01"
            + "54" // topic
            + "001b"
            + "54414753014102"; // properties length, TAGS=A
    String expected = head + "5f5f43524333322301" + digitsLowestFirst(head) + "02";

    ByteBuffer record = written(draft("T", V4, V4), 0x1000);

    assertThat(HEX.formatHex(bytes(record))).isEqualTo(expected);
  }

  @Test
  void writesTheChecksumsDigitsAsRocketMqDoes() {
    ByteBuffer record = written(draft("T", V4, V4), 0x1000);
    String tail = new String(bytes(record), record.limit() - 20, 20, UTF_8);
    // Computed apart from this code, with zlib, over the golden bytes of the test above.
    assertThat(tail).isEqualTo("__CRC32#\u0001" + GOLDEN_DIGITS + "\u0002");
  }

  private static final String GOLDEN_DIGITS = "2717080120";

  @Test
  void longTopicsMakeAVersion2Record() {
    ByteBuffer v1 = written(draft("t".repeat(127), V4, V4), 0);
    ByteBuffer v2 = written(draft("t".repeat(128), V4, V4), 0);

    assertThat(v1.getInt(4)).isEqualTo(0xDAA320A7).isEqualTo(-626843481);
    assertThat(v1.get(88 + 5)).isEqualTo((byte) 127);
    assertThat(v2.getInt(4)).isEqualTo(0xDAA320AB).isEqualTo(-626843477);
    assertThat(v2.getShort(88 + 5)).isEqualTo((short) 128);
    assertThat(v2.limit()).isEqualTo(v1.limit() + 2);
    assertThat(RecordView.of(v2).topic()).isEqualTo("t".repeat(128));
  }

  @Test
  void hostFamiliesAreWrittenAndFlagged() {
    for (InetSocketAddress born : new InetSocketAddress[] {V4, V6}) {
      for (InetSocketAddress store : new InetSocketAddress[] {V4, V6}) {
        RecordView view = RecordView.of(written(draft("T", born, store), 0));
        assertThat(view.bornHost()).isEqualTo(born);
        assertThat(view.storeHost()).isEqualTo(store);
        assertThat(view.sysFlag())
            .isEqualTo(
                SysFlag.TRANSACTION_COMMIT
                    | (born.equals(V6) ? SysFlag.BORN_HOST_V6 : 0)
                    | (store.equals(V6) ? SysFlag.STORE_HOST_V6 : 0));
        assertThat(view.topic()).isEqualTo("T");
        assertThat(view.preparedTransactionOffset()).isEqualTo(7);
        assertThat(RecordLayout.check(view.bytes(), 0, view.sizeBytes()))
            .isEqualTo(new RecordCheck.Valid(view.sizeBytes(), false));
      }
    }
  }

  @Test
  void staleFamilyBitsOfADraftAreCorrected() {
    RecordDraft stale =
        draft("T", V4, V4).withSysFlag(SysFlag.BORN_HOST_V6 | SysFlag.STORE_HOST_V6 | 1);
    assertThat(stale.sysFlag()).isEqualTo(1);
  }

  @Test
  void writesBehindTheTargetsPositionAndLeavesTheBodyUnread() {
    RecordDraft draft = draft("T", V4, V4);
    ByteBuffer target = ByteBuffer.allocateDirect(500).position(7);

    int size = RecordLayout.write(draft, 77, 8, target);

    assertThat(target.position()).isEqualTo(7 + size);
    assertThat(target.limit()).isEqualTo(500);
    assertThat(draft.body().remaining()).isEqualTo(5);
    assertThat(RecordLayout.check(target.position(7), 77, 493))
        .isEqualTo(new RecordCheck.Valid(size, false));
    assertThat(target.position()).isEqualTo(7);
  }

  @Test
  void writesNothingWithoutRoomForTheWhole() {
    RecordDraft draft = draft("T", V4, V4);
    ByteBuffer small = ByteBuffer.allocate(RecordLayout.sizeBytes(draft) - 1);
    assertThatThrownBy(() -> RecordLayout.write(draft, 0, 0, small))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(small.array()).containsOnly(0);
  }

  @Test
  void propertiesLimitCountsTheChecksumIn() {
    RecordDraft draft = draft("T", V4, V4);
    int valueBytes = RecordLayout.MAX_PROPERTIES_BYTES - 3;
    RecordDraft most =
        draft.withProperties(MessageProperties.of(Map.of("k", "v".repeat(valueBytes))));
    MessageProperties tooMany = MessageProperties.of(Map.of("k", "v".repeat(valueBytes + 1)));

    ByteBuffer record = written(most, 0);

    assertThat(record.getShort(88 + 5 + 2)).isEqualTo(Short.MAX_VALUE);
    assertThat(RecordView.of(record).properties()).isEqualTo(most.properties());
    assertThatThrownBy(() -> draft.withProperties(tooMany))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32747 is the most");
  }

  @Test
  void aCopiedRecordGetsOneNewChecksum() {
    RecordView stored = RecordView.of(written(draft("T", V4, V6), 100));
    RecordDraft copy =
        RecordDraft.copyOf(stored)
            .withDestination("U", 9)
            .withQueueOffset(55)
            .withPreparedTransactionOffset(100)
            .withReconsumeTimes(1)
            .withProperties(
                MessageProperties.parse("__CRC32#\u00010000000000\u0002").with("DELAY", "1"));

    ByteBuffer record = written(copy, 200);
    RecordView view = RecordView.of(record);

    assertThat(RecordLayout.check(record, 200, record.limit()))
        .isEqualTo(new RecordCheck.Valid(record.limit(), false));
    assertThat(view.properties().toText()).isEqualTo("DELAY\u00011\u0002");
    assertThat(view.topic()).isEqualTo("U");
    assertThat(view.queueId()).isEqualTo(9);
    assertThat(view.queueOffset()).isEqualTo(55);
    assertThat(view.preparedTransactionOffset()).isEqualTo(100);
    assertThat(view.reconsumeTimes()).isEqualTo(1);
    assertThat(view.body()).isEqualTo(stored.body());
    assertThat(view.bornHost()).isEqualTo(V4);
    assertThat(view.storeHost()).isEqualTo(V6);
  }

  @Test
  void refusesHostsWithoutAnAddress() {
    InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 1);
    assertThatThrownBy(() -> draft("T", unresolved, V4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nowhere.invalid");
  }

  @Test
  void blankRecordsHaveAGoldenForm() {
    ByteBuffer target = ByteBuffer.allocate(64);

    RecordLayout.writeBlank(target, 4096, 0x1000);

    assertThat(target.position()).isEqualTo(RecordLayout.BLANK_MIN_BYTES);
    assertThat(HEX.formatHex(target.array(), 0, 20))
        .isEqualTo("00001000" + "cbd43194" + "0000000000001000" + "4e33787b");
    assertThat(RecordLayout.check(target.flip(), 0x1000, 20))
        .isEqualTo(new RecordCheck.Valid(4096, true));
  }

  @Test
  void blankRecordsAreAtLeastTheirHead() {
    ByteBuffer target = ByteBuffer.allocate(64);
    assertThatThrownBy(() -> RecordLayout.writeBlank(target, 19, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] bytes(ByteBuffer record) {
    byte[] bytes = new byte[record.remaining()];
    record.get(0, bytes);
    return bytes;
  }

  private static String digitsLowestFirst(String hex) {
    CRC32 crc = new CRC32();
    crc.update(HEX.parseHex(hex));
    String digits = String.format("%010d", crc.getValue() & 0x7FFFFFFF);
    return HEX.formatHex(new StringBuilder(digits).reverse().toString().getBytes(UTF_8));
  }
}
