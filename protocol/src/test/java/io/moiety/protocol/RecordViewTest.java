package io.moiety.protocol;

import static io.moiety.protocol.RecordSamples.V4;
import static io.moiety.protocol.RecordSamples.V6;
import static io.moiety.protocol.RecordSamples.draft;
import static io.moiety.protocol.RecordSamples.written;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RecordViewTest {

  @Test
  void readsEveryFieldWhereItLies() {
    RecordView view = RecordView.of(written(draft("Topic", V4, V6), 99));

    assertThat(view.position()).isEqualTo(99);
    assertThat(view.queueId()).isEqualTo(2);
    assertThat(view.flag()).isEqualTo(3);
    assertThat(view.queueOffset()).isEqualTo(4);
    assertThat(view.bornTimestampMillis()).isEqualTo(5);
    assertThat(view.storeTimestampMillis()).isEqualTo(8);
    assertThat(view.reconsumeTimes()).isEqualTo(6);
    assertThat(view.preparedTransactionOffset()).isEqualTo(7);
    assertThat(view.bodyCrc()).isEqualTo(0x3610a686);
    assertThat(view.body()).isEqualTo(ByteBuffer.wrap("hello".getBytes(UTF_8)));
    assertThat(view.property("TAGS")).contains("A");
    assertThat(view.property("__CRC32#")).isEmpty();
    assertThat(view).hasToString("record of " + view.sizeBytes() + " bytes at 99: Topic/2@4");
  }

  @Test
  void splitsConcatenatedRecords() {
    ByteBuffer first = written(draft("A", V4, V4), 0);
    ByteBuffer second = written(draft("Second", V6, V4), first.limit());
    ByteBuffer both = ByteBuffer.allocateDirect(first.limit() + second.limit() + 3).position(3);
    both.put(first).put(second).flip().position(3);

    List<RecordView> views = RecordView.list(both);

    assertThat(views).extracting(RecordView::topic).containsExactly("A", "Second");
    assertThat(views.get(1).position()).isEqualTo(views.get(0).sizeBytes());
    assertThat(both.position()).isEqualTo(3);
    assertThat(RecordView.list(ByteBuffer.allocate(0))).isEmpty();
  }

  @Test
  void checksumIsNoPropertyWhereverAForeignRecordHasIt() {
    RecordDraft draft = draft("A", V4, V4);
    ByteBuffer record =
        written(
            draft.withProperties(
                MessageProperties.parse("XXCRC32#\u00010123456789\u0002k\u0001v\u0002")),
            0);
    int crcAt = 88 + 5 + 2 + 2;
    record.put(crcAt, (byte) '_').put(crcAt + 1, (byte) '_');
    assertThat(RecordView.of(record).properties().toText()).isEqualTo("k\u0001v\u0002");
  }

  @Test
  void refusesARestThatIsNoRecord() {
    ByteBuffer record = written(draft("A", V4, V4), 0);
    ByteBuffer longer = ByteBuffer.allocate(record.limit() + 5).put(record).position(0);
    assertThatThrownBy(() -> RecordView.list(longer)).isInstanceOf(MalformedRecordException.class);
  }

  @Property
  void anyDraftIsReadBack(
      @ForAll("topics") String topic,
      @ForAll int queueId,
      @ForAll long queueOffset,
      @ForAll boolean bornV6,
      @ForAll boolean storeV6,
      @ForAll @Size(max = 200) byte[] body,
      @ForAll("properties") Map<String, String> properties) {
    RecordDraft draft =
        new RecordDraft(
            topic,
            queueId,
            1,
            queueOffset,
            0x301,
            -1,
            bornV6 ? V6 : V4,
            storeV6 ? V6 : V4,
            0,
            0,
            ByteBuffer.wrap(body),
            MessageProperties.of(properties));

    ByteBuffer record = written(draft, queueOffset);

    assertThat(RecordLayout.check(record, queueOffset, record.limit()))
        .isEqualTo(new RecordCheck.Valid(record.limit(), false));
    assertThat(RecordDraft.copyOf(RecordView.of(record))).isEqualTo(draft);
  }

  @Property(tries = 3000)
  void damagedLengthsNeverLeadOutOfTheRecord(
      @ForAll @IntRange(max = 199) int at, @ForAll int damage) {
    ByteBuffer record = written(draft("Topic", V4, V6), 0);
    record.putInt(at % (record.limit() - 3), damage);
    try {
      RecordView view = RecordView.of(record);
      assertThat(view.body().remaining() + view.topic().length()).isLessThan(record.limit());
      assertThat(view.properties().encodedBytes()).isLessThan(record.limit());
      assertThat(view.bornHost()).isNotNull();
      assertThat(view.storeHost()).isNotNull();
    } catch (MalformedRecordException refused) {
      assertThat(refused).hasMessageContaining("record");
    }
  }

  @Provide
  Arbitrary<String> topics() {
    return Arbitraries.strings()
        .alpha()
        .numeric()
        .withChars("%_-|")
        .ofMinLength(1)
        .ofMaxLength(255);
  }

  @Provide
  Arbitrary<Map<String, String>> properties() {
    Arbitrary<String> text = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(12);
    return Arbitraries.maps(text, text).ofMaxSize(20);
  }
}
