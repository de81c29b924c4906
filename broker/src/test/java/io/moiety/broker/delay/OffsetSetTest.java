package io.moiety.broker.delay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class OffsetSetTest {

  @Property(tries = 100)
  @Label("it is a set, whether its members are far apart or near each other")
  void isASet(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    int span = List.of(300, 20_000, 400_000).get(random.nextInt(3));
    OffsetSet set = new OffsetSet();
    TreeSet<Long> model = new TreeSet<>();
    for (int step = 0; step < 12_000; step++) {
      long offset = random.nextInt(span);
      if (random.nextInt(5) > 0) {
        assertThat(set.add(offset)).isEqualTo(model.add(offset));
      } else {
        assertThat(set.remove(offset)).isEqualTo(model.remove(offset));
      }
    }
    assertSame(set, model);
    assertThat(restored(set.capture()).members()).isEqualTo(set.members());
    long first = random.nextInt(span);
    set.removeBefore(first);
    model.headSet(first).clear();
    assertSame(set, model);
    long from = random.nextInt(span);
    long end = from + random.nextInt(span);
    set.remove(from, end);
    model.subSet(from, end).clear();
    assertSame(set, model);
  }

  private static void assertSame(OffsetSet set, NavigableSet<Long> model) {
    assertThat(set.members()).isEqualTo(List.copyOf(model));
    assertThat(set.size()).isEqualTo(model.size());
    for (long probe = 0; probe < 2_000; probe++) {
      Long next = model.ceiling(probe * 131);
      assertThat(set.next(probe * 131))
          .isEqualTo(next == null ? OptionalLong.empty() : OptionalLong.of(next));
      assertThat(set.contains(probe)).isEqualTo(model.contains(probe));
    }
    for (long probe = 0; probe < 400_000; probe += 997) {
      long absent = probe;
      while (model.contains(absent)) {
        absent++;
      }
      assertThat(set.nextAbsent(probe)).isEqualTo(absent);
    }
  }

  @Test
  void whatWasCapturedStaysAsItWas() throws IOException {
    OffsetSet set = new OffsetSet();
    for (long offset = 0; offset < 10_000; offset += 3) {
      set.add(offset);
    }
    List<Long> before = set.members();
    OffsetSet.Captured captured = set.capture();
    for (long offset = 0; offset < 10_000; offset++) {
      if (offset % 2 == 0) {
        set.add(offset);
      } else {
        set.remove(offset);
      }
    }
    assertThat(restored(captured).members()).isEqualTo(before);
  }

  @Test
  void aMillionTakeABitEachWhereTheyAreDenseAndTwoBytesWhereTheyAreNot() {
    OffsetSet dense = new OffsetSet();
    OffsetSet sparse = new OffsetSet();
    for (long i = 0; i < 1_000_000; i++) {
      dense.add(5_000_000_000L + i);
      sparse.add(i * 1_000);
    }
    assertThat(dense.sizeBytes()).isLessThan(150_000);
    assertThat(sparse.sizeBytes()).isLessThan(4_200_000);
  }

  @Test
  void aPartThatIsNotWhatWasWrittenIsRefused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(1);
    out.writeLong(0);
    out.writeInt(70_000);
    assertThatThrownBy(() -> read(bytes)).isInstanceOf(IOException.class);
  }

  private static OffsetSet restored(OffsetSet.Captured captured) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    captured.write(new DataOutputStream(bytes));
    return read(bytes);
  }

  private static OffsetSet read(ByteArrayOutputStream bytes) throws IOException {
    OffsetSet restored = new OffsetSet();
    restored.restore(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    return restored;
  }
}
