package io.moiety.ra.checkback;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HalfOriginTest {

  @Test
  void isReadAsItWasWritten() {
    HalfOrigin origin = new HalfOrigin("tx", "instance", 600, "table");

    assertThat(HalfOrigin.parse(origin.format())).contains(origin);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "a,b,c", "a,b,soon,d", "a,b,1,d,e"})
  void takesNothingElseForOne(String text) {
    assertThat(HalfOrigin.parse(text)).isEmpty();
  }
}
