package io.moiety.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;

final class RecallHandleTest {

  @Test
  void isReadAsItWasWritten() {
    RecallHandle handle = new RecallHandle("T", "broker-a", 1_795_296_269_226L, "7F0001");
    assertThat(RecallHandle.parse(handle.toText())).contains(handle);
    assertThat(new String(Base64.getUrlDecoder().decode(handle.toText()), UTF_8))
        .isEqualTo("v1 T broker-a 1795296269226 7F0001");
  }

  @Test
  void isNoneInAnotherForm() {
    assertThat(RecallHandle.parse("")).isEmpty();
    assertThat(RecallHandle.parse("%%%")).isEmpty();
    assertThat(RecallHandle.parse(encoded("v2 T b 1 k"))).isEmpty();
    assertThat(RecallHandle.parse(encoded("v1 T b 1"))).isEmpty();
    assertThat(RecallHandle.parse(encoded("v1 T b soon k"))).isEmpty();
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder().encodeToString(text.getBytes(UTF_8));
  }
}
