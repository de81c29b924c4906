package io.moiety.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageIdsTest {

  private static final String V4_ID = "7F00000100002A9F0000000000000000";
  private static final String V6_ID = "FD00000000000000000000000000000100009C4000000001FFFFFFFE";

  @Test
  void writesRocketMqsForm() {
    assertThat(MessageIds.offsetMessageId(RecordSamples.V4, 0)).isEqualTo(V4_ID);
    assertThat(MessageIds.offsetMessageId(RecordSamples.V6, 0x1FFFFFFFEL)).isEqualTo(V6_ID);
  }

  @Test
  void readsItBack() {
    assertThat(MessageIds.parseOffsetMessageId(V4_ID))
        .isEqualTo(new MessageIds.ParsedId(RecordSamples.V4, 0));
    assertThat(MessageIds.parseOffsetMessageId(V6_ID))
        .isEqualTo(new MessageIds.ParsedId(RecordSamples.V6, 0x1FFFFFFFEL));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "7F", "7F00000100002A9F000000000000000G", "7F00000100002A9F000000000000000"})
  void refusesWhatIsNoId(String text) {
    assertThatThrownBy(() -> MessageIds.parseOffsetMessageId(text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
