package io.moiety.shop.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StepsTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Steps steps = new Steps(new PrintStream(printed, true, StandardCharsets.UTF_8));

  @Test
  void printsOneLineAStepAndGoesOnAfterAFailedOne() throws InterruptedException {
    steps.step("first", () -> "seen at once");
    steps.step(
        "second",
        () -> {
          Steps.require(false, "it was blue");
          return "";
        });
    steps.step("third", () -> "");

    assertThat(printed.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "ok      first (seen at once)", "FAILED  second: it was blue", "ok      third");
    assertThat(steps.passed()).isEqualTo(2);
    assertThat(steps.failed()).isEqualTo(1);
  }
}
