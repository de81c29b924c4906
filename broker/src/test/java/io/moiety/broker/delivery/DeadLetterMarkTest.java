package io.moiety.broker.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.store.AckRange;
import io.moiety.protocol.MessageProperties;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeadLetterMarkTest {

  @ParameterizedTest
  @ValueSource(strings = {"G", "%RETRY%x", "a,b", "a,T,1,2"})
  void saysAgainWhatWasWritten(String group) {
    String mark = DeadLetterMark.of(new LedgerKey(group, "T", 3), 9_000_000_000L);
    assertThat(DeadLetterMark.read(marked(mark)))
        .contains(new AckRange(group, "T", 3, 9_000_000_000L, 9_000_000_000L));
  }

  @Test
  void otherMessagesHaveNone() {
    assertThat(DeadLetterMark.read(MessageProperties.empty())).isEmpty();
  }

  @Test
  void whatIsNoMarkIsNamed() {
    assertThatThrownBy(() -> DeadLetterMark.read(marked("G,T,x,1")))
        .hasMessageContaining("'G,T,x,1'");
  }

  private static MessageProperties marked(String text) {
    return MessageProperties.of(Map.of(DeadLetterMark.PROPERTY, text));
  }
}
