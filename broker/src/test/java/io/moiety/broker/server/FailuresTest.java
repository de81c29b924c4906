package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.LogLines;
import io.moiety.protocol.Command;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FailuresTest {

  @Test
  void whatAClientSentIsCutInTheLogAndForgesNoLine() {
    Command request =
        Command.request(
            RequestCode.SEND_MESSAGE_V2,
            Bench.fields(
                Map.of(
                    "b", "T\n2026 ERROR forged", "i", "p".repeat(500_000), "Signature", "hush")));
    try (LogLines lines = LogLines.of(Failures.class)) {
      Command answer = Failures.response(request, new IllegalStateException("broken"));

      assertThat(answer.code()).isEqualTo(ResponseCode.SYSTEM_ERROR);
      assertThat(lines.all()).hasSize(1);
      assertThat(lines.all().get(0))
          .startsWith("ERROR Request 310 failed: ")
          .hasSizeLessThan(3_000)
          .doesNotContain("\n", "hush");
    }
  }
}
