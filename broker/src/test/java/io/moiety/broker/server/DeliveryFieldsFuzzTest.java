package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.moiety.broker.delivery.AckSpan;
import io.moiety.broker.delivery.QueueOffset;
import io.moiety.protocol.BadFieldException;
import io.moiety.protocol.Fields;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Collectors;

/** The lists of messages that delivery commands carry as text. */
class DeliveryFieldsFuzzTest {

  @FuzzTest
  void listsAreReadAsWrittenOrRefused(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    try {
      List<QueueOffset> offsets = DeliveryFields.offsets(text);
      assertThat(DeliveryFields.offsets(written(offsets))).isEqualTo(offsets);
    } catch (BadFieldException refused) {
      assertThat(refused).hasMessageContaining("queueId:queueOffset");
    }
    try {
      List<AckSpan> spans = DeliveryFields.spans(ByteBuffer.wrap(bytes));
      assertThat(DeliveryFields.spans(ByteBuffer.wrap(writtenSpans(spans).getBytes(ISO_8859_1))))
          .isEqualTo(spans);
    } catch (BadFieldException refused) {
      assertThat(refused).hasMessageContaining("consumer:queueId");
    }
    try {
      PopFields.handle(fieldsWith(text));
    } catch (BadFieldException refused) {
      assertThat(refused).hasMessageContaining("extraInfo");
    }
  }

  private static Fields fieldsWith(String extraInfo) {
    return Fields.builder()
        .put("consumerGroup", "G")
        .put("topic", "T")
        .put("queueId", 0)
        .put("offset", 0)
        .put("extraInfo", extraInfo)
        .build();
  }

  private static String written(List<QueueOffset> offsets) {
    return offsets.stream()
        .map(offset -> offset.queueId() + ":" + offset.queueOffset())
        .collect(Collectors.joining(","));
  }

  private static String writtenSpans(List<AckSpan> spans) {
    return spans.stream()
        .map(
            span ->
                span.consumer()
                    + ":"
                    + span.queueId()
                    + ":"
                    + span.firstOffset()
                    + "-"
                    + span.lastOffset())
        .collect(Collectors.joining(";"));
  }
}
