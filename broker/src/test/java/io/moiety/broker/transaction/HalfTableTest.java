package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.store.RecordSpan;
import io.moiety.broker.transaction.HalfMessages.Resolution;
import io.moiety.broker.transaction.HalfMessages.Resolved;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HalfTableTest {
  private final HalfTable open = new HalfTable();

  private static HalfMessage half(long position, long nextCheckMillis) {
    return HalfMessage.fresh(
        new HalfIdentity(position, position / 100),
        new RecordSpan(position, 100),
        "shop" + position % 3,
        nextCheckMillis);
  }

  @Property(tries = 60)
  @Label("whatever is put in, changed and taken out, in any order: it is a map by position")
  void isAMap(@ForAll long seed) {
    Random random = new Random(seed);
    HalfTable halves = new HalfTable();
    TreeMap<Long, HalfMessage> model = new TreeMap<>();
    long end = 0;
    for (int step = 0; step < 6_000; step++) {
      long any = random.nextInt(4_000) * 100L;
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          end += 100;
          put(half(end, random.nextInt(1_000)), halves, model);
        }
        case 3 -> put(half(any, random.nextInt(1_000)), halves, model);
        case 4 -> {
          Optional<HalfMessage> before = halves.find(any);
          before.ifPresent(known -> put(known.carriedTo(any + 7, 101), halves, model));
          before.ifPresent(known -> put(known.checked((int) (any / 100 % 3), 500), halves, model));
        }
        case 5 -> {
          halves.putOff(any, 700);
          model.computeIfPresent(any, (position, known) -> halves.find(position).orElse(known));
        }
        default -> assertThat(halves.remove(any)).isEqualTo(Optional.ofNullable(model.remove(any)));
      }
    }
    assertThat(halves.from(0, Integer.MAX_VALUE)).isEqualTo(List.copyOf(model.values()));
    assertThat(halves.from(200_000, 50))
        .isEqualTo(model.tailMap(200_000L).values().stream().limit(50).toList());
    assertThat(halves.count()).isEqualTo(model.size());
    for (long due : List.of(0L, 300L, 700L, 2_000L)) {
      assertThat(halves.dueUntil(due, Integer.MAX_VALUE))
          .containsExactlyInAnyOrderElementsOf(
              model.values().stream().filter(known -> known.askMillis() <= due).toList());
      long soonest =
          model.values().stream().mapToLong(HalfMessage::askMillis).min().orElse(Long.MAX_VALUE);
      assertThat(halves.soonestAskMillis()).isLessThanOrEqualTo(soonest);
    }
  }

  private static void put(HalfMessage half, HalfTable halves, Map<Long, HalfMessage> model) {
    halves.put(half);
    model.put(half.position(), half);
  }

  @Test
  void theSearchForTheDueComesToAllOfThemAndEndsWhereNoneIs() {
    for (int i = 0; i < 5_000; i++) {
      open.put(half(i * 100L, 1_000));
    }
    List<Long> asked = new ArrayList<>();
    for (List<HalfMessage> due = open.dueUntil(1_000, 64);
        !due.isEmpty();
        due = open.dueUntil(1_000, 64)) {
      due.forEach(half -> asked.add(half.position()));
      due.forEach(half -> open.putOff(half.position(), 60_000));
    }
    assertThat(asked).hasSize(5_000).doesNotHaveDuplicates();
    assertThat(open.soonestAskMillis()).isEqualTo(60_000);
  }

  @Test
  void aHalfMessageIsPutOffForMonths() {
    open.put(half(0, 1_000));
    open.putOff(0, 1_000 + 10_000_000_000L);
    assertThat(open.dueUntil(10_000_000_000L, 9)).isEmpty();
    assertThat(open.soonestAskMillis()).isEqualTo(10_000_001_000L);
  }

  @Test
  void whatStaysDueDoesNotKeepTheOthersFromTheirTurn() {
    for (int i = 0; i < 2_000; i++) {
      open.put(half(i * 100L, i < HalfChunk.MAX_HALVES ? 1_000 : 2_000));
    }
    List<HalfMessage> found = new ArrayList<>();
    for (int run = 0; run <= open.chunkCount(); run++) {
      found.addAll(open.dueUntil(2_000, 64));
    }
    assertThat(found).anyMatch(half -> half.nextCheckMillis() == 2_000);
  }

  @Test
  void whatWasResolvedBeforeItsCheckIsNotLookedForAgain() {
    open.put(half(0, 9_000));
    open.put(half(100, 1_000));
    assertThat(open.remove(100)).isPresent();
    assertThat(open.dueUntil(1_000, 9)).isEmpty();
    assertThat(open.soonestAskMillis()).isEqualTo(9_000);
  }

  @Test
  void aSnapshotHasThemAsTheyWereWithoutWhatOnlyThisRunKnows() throws IOException {
    for (int i = 0; i < 2_000; i++) {
      open.put(half(i * 100L, i));
    }
    HalfTable parked = new HalfTable();
    parked.put(HalfMessage.parked(new HalfIdentity(7, 8), new RecordSpan(9_000, 10), "shop1"));
    open.put(half(1_000, 900).checked(0, 950));
    List<HalfMessage> before = open.from(0, Integer.MAX_VALUE);
    Resolutions resolutions = new Resolutions();
    resolutions.add(new Resolved(11, Resolution.ROLLED_BACK, 12));
    HalfMessagesSection section =
        new HalfMessagesSection(open.capture(), parked.capture(), resolutions.capture());
    for (int i = 0; i < 2_000; i++) {
      open.putOff(i * 100L, 5_000);
      if (i % 3 == 0) {
        open.remove(i * 100L);
      } else {
        open.put(half(i * 100L, 7_777));
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    section.write(new DataOutputStream(bytes));
    List<HalfMessage> restored = new ArrayList<>();
    List<HalfMessage> restoredParked = new ArrayList<>();
    List<Resolved> restoredResolutions = new ArrayList<>();
    HalfMessagesSection.read(
        new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())),
        restored::add,
        restoredParked::add,
        restoredResolutions::add);
    assertThat(restored).isEqualTo(before);
    assertThat(restoredParked).isEqualTo(parked.from(0, 9));
    assertThat(restoredResolutions).containsExactly(new Resolved(11, Resolution.ROLLED_BACK, 12));
    assertThat(bytes.size()).isLessThan(2_000 * 44 + 100);
  }

  @Test
  void halfMessagesOfOneGroupShareItsName() {
    open.put(half(0, 1));
    open.put(half(300, 1));
    String name = open.find(0).orElseThrow().producerGroup();
    assertThat(open.find(300).orElseThrow().producerGroup()).isSameAs(name);
  }

  @Test
  void aMillionAreInFullChunksWhateverBecameOfTheirNeighbours() {
    for (int i = 0; i < 1_000_000; i++) {
      open.put(half(i * 100L, 1));
    }
    assertThat(open.chunkCount()).isLessThan(1_000_000 / HalfChunk.MAX_HALVES + 2);
    for (int i = 0; i < 1_000_000; i++) {
      if (i % 100 > 0) {
        open.remove(i * 100L);
      }
    }
    assertThat(open.count()).isEqualTo(10_000);
    assertThat(open.chunkCount()).isLessThan(10_000 / 128 + 10);
  }
}
