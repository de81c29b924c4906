package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.LogLines;
import io.moiety.broker.transaction.HalfMessages.Resolution;
import io.moiety.broker.transaction.HalfMessages.Resolved;
import java.lang.System.Logger.Level;
import org.junit.jupiter.api.Test;

class ResolutionsTest {

  @Test
  void parkedHalfMessagesThatGoWithTheirSegmentsAreCountedInAWarning() {
    Resolutions resolutions = new Resolutions();
    for (int position = 100; position < 400; position += 100) {
      resolutions.add(new Resolved(position, Resolution.PARKED, position + 1_000));
    }
    resolutions.add(new Resolved(500, Resolution.COMMITTED, 1_050));
    try (LogLines lines = LogLines.of(Resolutions.class)) {
      resolutions.forgetBefore(1_100);
      assertThat(lines.of(Level.WARNING)).isEmpty();
      resolutions.forgetBefore(1_300);
      assertThat(lines.of(Level.WARNING)).hasSize(1);
      assertThat(lines.of(Level.WARNING).get(0)).contains("2 parked half messages");
    }
    assertThat(resolutions.parkedCount()).isEqualTo(1);
  }
}
