package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.transaction.HalfMessages.Resolution;
import io.moiety.broker.transaction.HalfMessages.Resolved;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResolutionsTest {
  private static final int REMEMBERED = 2_500;

  private final Resolutions resolutions = new Resolutions(REMEMBERED);

  private static Resolved ended(int number) {
    return new Resolved(
        number, number % 2 == 0 ? Resolution.COMMITTED : Resolution.ROLLED_BACK, 10_000 + number);
  }

  private static List<Resolved> ended(int from, int to) {
    return IntStream.range(from, to).mapToObj(ResolutionsTest::ended).toList();
  }

  private static List<Resolved> all(Resolutions.Captured captured) {
    return IntStream.range(0, captured.count()).mapToObj(captured::at).toList();
  }

  @Test
  void theLastOnesAreRememberedInTheOrderOfTheLog() {
    for (int count : new int[] {0, 1, 1_024, 2_500, 2_501, 4_096, 7_777}) {
      Resolutions some = new Resolutions(REMEMBERED);
      ended(0, count).forEach(some::add);
      int first = Math.max(0, count - REMEMBERED);
      assertThat(all(some.capture())).isEqualTo(ended(first, count));
      assertThat(some.find(first - 1)).isEmpty();
      if (count > 0) {
        assertThat(some.find(first)).contains(ended(first));
        assertThat(some.find(count - 1)).contains(ended(count - 1));
      }
    }
  }

  @Test
  void whatLiesBeforeTheLogsBeginIsForgotten() {
    ended(0, 2_000).forEach(resolutions::add);
    resolutions.forgetBefore(11_500);
    assertThat(resolutions.find(1_499)).isEmpty();
    assertThat(all(resolutions.capture())).isEqualTo(ended(1_500, 2_000));
    resolutions.forgetBefore(20_000);
    assertThat(all(resolutions.capture())).isEmpty();
    ended(2_000, 4_000).forEach(resolutions::add);
    assertThat(all(resolutions.capture())).isEqualTo(ended(2_000, 4_000));
  }

  @Test
  void aSnapshotHasThemAsTheyWereAndCopiesNoneOfThem() {
    ended(0, 3_000).forEach(resolutions::add);
    Resolutions.Captured captured = resolutions.capture();
    assertThat(captured.chunks()).hasSizeLessThanOrEqualTo(REMEMBERED / 1_024 + 2);
    ended(3_000, 6_000).forEach(resolutions::add);
    resolutions.forgetBefore(15_900);
    assertThat(all(captured)).isEqualTo(ended(500, 3_000));
  }
}
