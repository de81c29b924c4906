package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.delivery.AckSpan;
import io.moiety.broker.delivery.QueueOffset;
import io.moiety.protocol.BadFieldException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeliveryFieldsTest {

  @Test
  void readsOffsetsAndSpans() {
    assertThat(DeliveryFields.offsets("0:5,2:9000000000"))
        .containsExactly(new QueueOffset(0, 5), new QueueOffset(2, 9_000_000_000L));
    assertThat(spans("1:0:5-7;2:3:9"))
        .containsExactly(new AckSpan(1, 0, 5, 7), new AckSpan(2, 3, 9, 9));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "0:", "0:x", "0:1:2", "0:1,", "-1:1", "3000000000:1", "0:1;0:2"})
  void refusesOffsetsThatAreNone(String text) {
    assertThatThrownBy(() -> DeliveryFields.offsets(text)).isInstanceOf(BadFieldException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1:0", "1:0:", "1:0:-5", "1:0:5-", "1:0:5-6-7", "1:0:5;", "x:0:5"})
  void refusesSpansThatAreNone(String text) {
    assertThatThrownBy(() -> spans(text)).isInstanceOf(BadFieldException.class);
  }

  @Test
  void refusesAListThatIsTooLong() {
    assertThatThrownBy(() -> DeliveryFields.offsets("0:1,".repeat(100_001) + "0:1"))
        .isInstanceOf(BadFieldException.class)
        .hasMessageContaining("100000");
  }

  private static java.util.List<AckSpan> spans(String text) {
    return DeliveryFields.spans(ByteBuffer.wrap(text.getBytes(US_ASCII)));
  }
}
