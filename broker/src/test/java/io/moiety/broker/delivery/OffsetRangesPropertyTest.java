package io.moiety.broker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class OffsetRangesPropertyTest {
  private static final int MAX_OFFSET = 40;

  record Change(boolean add, long first, long last) {}

  @Provide
  Arbitrary<List<Change>> changes() {
    Arbitrary<Integer> offset = Arbitraries.integers().between(0, MAX_OFFSET);
    return Combinators.combine(Arbitraries.of(true, true, false), offset, offset)
        .as((add, one, other) -> new Change(add, Math.min(one, other), Math.max(one, other)))
        .list()
        .ofMaxSize(30);
  }

  @Property
  void isTheSetOfWhatWasAddedAndNotRemoved(@ForAll("changes") List<Change> changes) {
    OffsetRanges ranges = new OffsetRanges();
    Set<Long> model = new TreeSet<>();
    for (Change change : changes) {
      if (change.add()) {
        ranges.add(change.first(), change.last());
      } else {
        ranges.remove(change.first(), change.last());
      }
      for (long offset = change.first(); offset <= change.last(); offset++) {
        if (change.add()) {
          model.add(offset);
        } else {
          model.remove(offset);
        }
      }
      check(ranges, model);
    }
  }

  private static void check(OffsetRanges ranges, Set<Long> model) {
    assertThat(ranges.size()).isEqualTo(model.size());
    long absent = MAX_OFFSET + 1;
    for (long offset = MAX_OFFSET + 1; offset >= 0; offset--) {
      absent = model.contains(offset) ? absent : offset;
      assertThat(ranges.contains(offset)).isEqualTo(model.contains(offset));
      assertThat(ranges.nextAbsent(offset)).isEqualTo(absent);
    }
    long end = -2;
    for (OffsetRanges.Range range : ranges.ranges()) {
      assertThat(range.first()).isGreaterThan(end + 1);
      end = range.last();
    }
  }
}
