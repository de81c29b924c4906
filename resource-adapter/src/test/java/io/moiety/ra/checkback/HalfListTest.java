package io.moiety.ra.checkback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.client.HalfMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class HalfListTest {

  private static StoredHalf half(String store, String topic, int number) {
    return new StoredHalf(
        store, new HalfMessage("PG", topic, "KEY" + number, number, 1_000L * number));
  }

  private static List<StoredHalf> parse(List<String> rows) {
    List<StoredHalf> halves = new ArrayList<>();
    rows.forEach(row -> halves.addAll(HalfList.parse(row)));
    return halves;
  }

  @Test
  void oneRowHoldsAFewMessagesOfSeveralTopicsAndBrokers() {
    List<StoredHalf> halves =
        List.of(half("s1", "a", 1), half("s1", "a", 2), half("s1", "b", 3), half("s2", "b", 4));
    List<String> rows = HalfList.format(halves);

    assertThat(rows).hasSize(1);
    assertThat(HalfList.moreRows(rows.get(0))).isZero();
    assertThat(parse(rows)).isEqualTo(halves);
  }

  @Test
  void manyMessagesTakeSeveralRowsThatFitTheColumn() {
    List<StoredHalf> halves =
        IntStream.range(0, 5_000).mapToObj(i -> half("store", i % 7 == 0 ? "a" : "b", i)).toList();
    List<String> rows = HalfList.format(halves);

    assertThat(HalfList.moreRows(rows.get(0))).isEqualTo(rows.size() - 1).isPositive();
    assertThat(rows).allSatisfy(row -> assertThat(row).hasSizeLessThanOrEqualTo(3_500));
    assertThat(parse(rows)).isEqualTo(halves);
  }

  @Test
  void refusesWhatIsNoList() {
    assertThatThrownBy(() -> HalfList.moreRows("something")).hasMessageContaining("something");
    assertThatThrownBy(() -> HalfList.parse("one two")).hasMessageContaining("one two");
  }
}
