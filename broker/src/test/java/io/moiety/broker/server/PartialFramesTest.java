package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PartialFramesTest {

  private static final int KIB = 1024;
  private static final int LIMIT = 1_000 * KIB;
  private static final long NOW = 1_000_000;

  private final InFlightBytes all = new InFlightBytes(4 * LIMIT);
  private final PartialFrames frames = new PartialFrames(LIMIT, all);
  private final List<String> shut = new ArrayList<>();

  private PartialFrames.Part part(String name, long begunMillis) {
    return frames.begin(why -> shut.add(name), begunMillis);
  }

  @Test
  void partsAreHeldUntilTheyEnd() {
    PartialFrames.Part one = part("one", NOW);
    assertThat(one.grow(300 * KIB, NOW)).isTrue();
    assertThat(one.grow(500 * KIB, NOW)).isTrue();
    assertThat(frames.held()).isEqualTo(500 * KIB);
    assertThat(all.held()).isEqualTo(500 * KIB);

    one.end();
    one.end();
    assertThat(frames.held()).isZero();
    assertThat(all.held()).isZero();
  }

  @Test
  void largeFrameThatFindsNoRoomIsRefusedAndNobodyGivesWay() {
    assertThat(part("first", NOW).grow(900 * KIB, NOW)).isTrue();
    PartialFrames.Part late = part("second", NOW);
    assertThat(late.grow(99 * KIB, NOW)).isTrue();

    assertThat(late.grow(101 * KIB, NOW)).isFalse();
    assertThat(shut).isEmpty();
    assertThat(frames.held()).isEqualTo(999 * KIB);
  }

  @Test
  void toASmallFrameTheLargestGivesWay() {
    part("large", NOW).grow(300 * KIB, NOW);
    part("largest", NOW).grow(600 * KIB, NOW);
    part("larger", NOW).grow(100 * KIB, NOW);

    assertThat(part("small", NOW).grow(2 * KIB, NOW)).isTrue();
    assertThat(shut).containsExactly("largest");
    assertThat(frames.held()).isEqualTo(402 * KIB);
    assertThat(all.held()).isEqualTo(402 * KIB);
  }

  @Test
  void smallFramesDoNotGiveWayToOnesThatAreNoSmaller() {
    for (int i = 0; i < 1_000; i++) {
      part("other", NOW).grow(KIB, NOW);
    }

    assertThat(part("one", NOW).grow(KIB, NOW)).isFalse();
    assertThat(shut).isEmpty();
  }

  @Test
  void frameThatIsOnItsWayForLongGivesWayToAnyOther() {
    part("slow", NOW).grow(600 * KIB, NOW);
    PartialFrames.Part second = part("second", NOW + 1);
    second.grow(400 * KIB, NOW + 1);
    long patient = NOW + PartialFrames.PATIENCE_MILLIS;
    PartialFrames.Part third = part("third", patient);

    assertThat(third.grow(500 * KIB, patient - 1)).isFalse();
    assertThat(third.grow(500 * KIB, patient)).isTrue();
    assertThat(shut).containsExactly("slow");
    assertThat(third.grow(700 * KIB, patient)).isFalse();
    assertThat(third.grow(700 * KIB, patient + 1)).isTrue();
    assertThat(shut).containsExactly("slow", "second");
    assertThat(second.grow(401 * KIB, patient + 1)).as("it gave way").isFalse();
    assertThat(frames.held()).isEqualTo(700 * KIB);
  }

  @Test
  void aSlowFrameDoesNotGiveWayToItself() {
    PartialFrames.Part slow = part("slow", NOW);
    slow.grow(900 * KIB, NOW);
    assertThat(slow.grow(1_100 * KIB, NOW + 60_000)).isFalse();
    assertThat(shut).isEmpty();
  }

  @Test
  void whatAllHoldCountsToo() {
    all.take(4 * LIMIT - 10 * KIB);
    assertThat(part("one", NOW).grow(11 * KIB, NOW)).isFalse();
    assertThat(part("two", NOW).grow(10 * KIB, NOW)).isTrue();
  }
}
