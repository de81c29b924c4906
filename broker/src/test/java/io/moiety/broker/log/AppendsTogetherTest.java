package io.moiety.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.protocol.RecordDraft;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Records that are to be appended together or not at all. */
class AppendsTogetherTest {
  private static final int MOST_BYTES = SimulatedLog.CONFIG.maxTogetherBytes();

  @Property(tries = 100)
  @Label("where there is room for all of them each finds it, and it comes soon")
  void roomForAllIsRoomForEach(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    CommitLog log = SimulatedLog.open(new SimulatedDisk(seed), () -> 1, new LoggedEvents(), random);
    for (int group = 0; group < 60; group++) {
      List<RecordDraft> drafts = group(random);
      long before = log.appendedPosition();
      for (int tries = 1; !hasRoom(log, drafts); tries++) {
        assertThat(log.appendedPosition()).isEqualTo(before);
        assertThat(tries).as("looks until there is room").isLessThan(50);
      }
      drafts.forEach(draft -> assertThat(log.append(draft).position()).isNotNegative());
    }
    assertThat(log.segmentCount()).as("segments that it took").isGreaterThan(1);
    log.close();
  }

  private static List<RecordDraft> group(Random random) {
    int mostBytes = Drafts.EMPTY_BYTES + random.nextInt(MOST_BYTES - Drafts.EMPTY_BYTES);
    List<RecordDraft> drafts = new ArrayList<>();
    int bytes = 0;
    while (true) {
      int most = Math.min(SimulatedLog.CONFIG.maxRecordBytes(), 1 + MOST_BYTES / 4);
      int sizeBytes = Drafts.EMPTY_BYTES + random.nextInt(most - Drafts.EMPTY_BYTES);
      if (bytes + sizeBytes > mostBytes) {
        return drafts;
      }
      bytes += sizeBytes;
      drafts.add(Drafts.ofSize(drafts.size(), sizeBytes));
    }
  }

  private static boolean hasRoom(CommitLog log, List<RecordDraft> drafts) {
    try {
      log.requireRoom(drafts);
      return true;
    } catch (AppendRefusedException refused) {
      assertThat(refused.status()).isEqualTo(PutStatus.OS_PAGE_CACHE_BUSY);
      return false;
    }
  }

  @Test
  void moreThanThereIsEverRoomForIsIllegalAndNotTriedAgain() throws IOException {
    CommitLog log = SimulatedLog.open(new SimulatedDisk(1), new LoggedEvents());
    int sizeBytes = SimulatedLog.CONFIG.maxRecordBytes() / 2;
    List<RecordDraft> drafts = new ArrayList<>();
    for (int bytes = 0; bytes <= MOST_BYTES; bytes += sizeBytes) {
      drafts.add(Drafts.ofSize(bytes, sizeBytes));
    }
    assertThatThrownBy(() -> log.requireRoom(drafts))
        .isInstanceOfSatisfying(
            AppendRefusedException.class,
            refused -> assertThat(refused.status()).isEqualTo(PutStatus.MESSAGE_ILLEGAL))
        .hasMessageContaining("at most " + MOST_BYTES);
    log.close();
  }

  @Test
  void aLogThatHasFailedHasNoRoom() throws IOException {
    CommitLog log = SimulatedLog.open(new SimulatedDisk(1), new LoggedEvents());
    log.close();
    assertThatThrownBy(() -> log.requireRoom(List.of(Drafts.ofSize(1, 200))))
        .isInstanceOfSatisfying(
            AppendRefusedException.class,
            refused -> assertThat(refused.status()).isEqualTo(PutStatus.SERVICE_NOT_AVAILABLE));
  }
}
