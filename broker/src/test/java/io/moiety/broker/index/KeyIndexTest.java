package io.moiety.broker.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.protocol.SysFlag;
import io.moiety.protocol.SystemTopics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class KeyIndexTest {
  private static final int RUN_PAIRS = 300;

  private final IndexBench bench =
      new IndexBench(KeyHash::standard, new MergePolicy(RUN_PAIRS, 2, 4));

  private List<Long> fill(int messages, String key) {
    List<Long> positions = new ArrayList<>();
    for (int i = 0; i < messages; i++) {
      positions.add(bench.put("T", Map.of("KEYS", key)));
    }
    return positions;
  }

  private List<String> runs() {
    return bench.files.list();
  }

  @Test
  void messageIsFoundByEachOfItsKeysAndByItsUniqueKey() {
    long position = bench.put("T", Map.of("KEYS", " a  bb ", "UNIQ_KEY", "u"));

    assertThat(bench.find("T", "a", 9)).containsExactly(position);
    assertThat(bench.find("T", "bb", 9)).containsExactly(position);
    assertThat(bench.find("T", "u", 9)).containsExactly(position);
    assertThat(bench.find("T", "b", 9)).isEmpty();
    assertThat(bench.find("T", "", 9)).isEmpty();
    assertThat(bench.find("U", "a", 9)).isEmpty();
    assertThat(bench.index().lastPosition()).isEqualTo(position);
    assertThat(bench.index().lastTimestampMillis()).isEqualTo(bench.nowMillis());
  }

  @Test
  void messageThatNobodySeesIsNotIndexed() {
    bench.put(SystemTopics.HALF, Map.of("KEYS", "a"));
    bench.put(SystemTopics.SCHEDULE, Map.of("KEYS", "a"));
    bench.put("T", SysFlag.TRANSACTION_ROLLBACK, Map.of("KEYS", "a"));
    long committed = bench.put("T", SysFlag.TRANSACTION_COMMIT, Map.of("KEYS", "a"));

    assertThat(bench.find(SystemTopics.HALF, "a", 9)).isEmpty();
    assertThat(bench.find(SystemTopics.SCHEDULE, "a", 9)).isEmpty();
    assertThat(bench.find("T", "a", 9)).containsExactly(committed);
  }

  @Test
  void delayedMessagesAreFoundByUniqueKeyAndTopicAlsoWhereTheyWereCarried() {
    Map<String, String> wanted = Map.of("UNIQ_KEY", "u", "REAL_TOPIC", "T");
    long timer = bench.put(SystemTopics.TIMER, wanted);
    long timerMillis = bench.nowMillis();
    long level = bench.put(SystemTopics.SCHEDULE, wanted);
    bench.put(SystemTopics.TIMER, Map.of("UNIQ_KEY", "u", "REAL_TOPIC", "other"));
    bench.put(SystemTopics.HALF, wanted);
    bench.put("T", Map.of("UNIQ_KEY", "u"));

    assertThat(bench.findDelayed("T", "u", 9)).containsExactly(level, timer);
    assertThat(bench.findDelayed("T", "u", 1)).containsExactly(level);
    assertThat(bench.findDelayed("T", "v", 9)).isEmpty();
    Map<String, String> carried = new HashMap<>(wanted);
    carried.put("__MOIETY_CARRIED", timer + ":" + timerMillis);
    long copy = bench.put(SystemTopics.TIMER, carried);
    assertThat(bench.findDelayed("T", "u", 9)).containsExactly(copy, level);
  }

  @Test
  void searchIsBoundedByStoreTime() {
    List<Long> positions = fill(10, "a");
    long last = bench.nowMillis();

    assertThat(bench.find(new KeyQuery("T", "a", 9, last - 3, last - 2)))
        .isEqualTo(positions.subList(6, 8));
  }

  @Test
  void carriedCopyStandsForItsOriginalWithTheOriginalsTime() {
    long original = bench.put("T", Map.of("KEYS", "a"));
    long originalMillis = bench.nowMillis();
    fill(3, "b");
    String carried = original + ":" + originalMillis;
    long copy = bench.put("T", Map.of("KEYS", "a", "__MOIETY_CARRIED", carried));

    assertThat(bench.find("T", "a", 9)).containsExactly(copy);
    assertThat(bench.find(new KeyQuery("T", "a", 9, originalMillis, originalMillis)))
        .containsExactly(copy);
    bench.forget(1);
    assertThat(bench.find("T", "a", 9)).containsExactly(copy);
  }

  @Test
  void carriedRecordIsFoundByItsFirstPositionAlsoAfterARestart() throws IOException {
    long original = bench.put(SystemTopics.TIMER, Map.of());
    String carried = original + ":" + bench.nowMillis();
    assertThat(bench.findAt(original)).contains(original);
    long copy = bench.put(SystemTopics.TIMER, Map.of("__MOIETY_CARRIED", carried));
    bench.forget(1);
    assertThat(bench.findAt(original)).contains(copy);
    long copyOfCopy = bench.put(SystemTopics.TIMER, Map.of("__MOIETY_CARRIED", carried));
    bench.forget(1);
    bench.snapshot();
    bench.viewThread();
    bench.restart();
    assertThat(bench.findAt(original)).contains(copyOfCopy);
    assertThat(bench.findAt(copy)).isEmpty();
  }

  @Test
  void keysOfOneMessageAreBounded() {
    String keys =
        IntStream.range(0, KeyIndex.MAX_KEYS_PER_MESSAGE + 1)
            .mapToObj(number -> "k" + number)
            .collect(Collectors.joining(" "));
    long position = bench.put("T", Map.of("KEYS", keys));

    assertThat(bench.find("T", "k" + (KeyIndex.MAX_KEYS_PER_MESSAGE - 1), 9))
        .containsExactly(position);
    assertThat(bench.find("T", "k" + KeyIndex.MAX_KEYS_PER_MESSAGE, 9)).isEmpty();
  }

  @Test
  void storeWithFewMessagesHasNoFile() throws IOException {
    List<Long> positions = fill(RUN_PAIRS - 1, "a");
    bench.snapshot();
    bench.viewThread();
    bench.restart();
    bench.viewThread();

    assertThat(runs()).isEmpty();
    assertThat(bench.find("T", "a", 9)).isEqualTo(positions.subList(290, 299));
  }

  @Test
  void runsOfOneSizeBecomeOneAndTheirFilesGoWithTheNextSnapshot() {
    List<Long> positions = fill(2 * RUN_PAIRS, "a");
    bench.viewThread();
    assertThat(runs()).as("two runs and the merged one").hasSize(3);
    bench.snapshot();
    bench.viewThread();

    assertThat(runs())
        .containsExactly(RunFormat.name(positions.get(0), positions.get(2 * RUN_PAIRS - 1) + 1));
    assertThat(bench.find("T", "a", 2 * RUN_PAIRS)).isEqualTo(positions);
  }

  @Test
  void runIsKeptWhileTheDurableSnapshotMayNameIt() throws IOException {
    List<Long> positions = fill(RUN_PAIRS, "a");
    bench.snapshot();
    bench.viewThread();
    positions.addAll(fill(RUN_PAIRS, "a"));
    bench.viewThread();
    bench.restart();

    assertThat(bench.find("T", "a", 9_999)).isEqualTo(positions);
  }

  @Test
  void runThatIsMergedWhileASnapshotNamesItIsKept() throws IOException {
    List<Long> positions = fill(2 * RUN_PAIRS, "a");
    bench.snapshot();
    bench.viewThread();
    bench.restart();

    assertThat(bench.find("T", "a", 9_999)).isEqualTo(positions);
  }

  @Test
  void runsBelowTheFirstPositionGoWithTheNextSnapshot() {
    fill(RUN_PAIRS, "a");
    bench.viewThread();
    List<String> before = runs();
    List<Long> kept = fill(1, "a");
    bench.forget(RUN_PAIRS);
    bench.viewThread();
    assertThat(runs()).isEqualTo(before).hasSize(1);
    bench.snapshot();
    bench.viewThread();

    assertThat(runs()).isEmpty();
    assertThat(bench.find("T", "a", 9)).isEqualTo(kept);
  }

  @Test
  void mergeLeavesOutWhatTheLogHasForgotten() {
    fill(RUN_PAIRS, "a");
    List<Long> kept = fill(RUN_PAIRS, "a").subList(RUN_PAIRS - 10, RUN_PAIRS);
    fill(RUN_PAIRS, "b");
    bench.forget(2 * RUN_PAIRS - 10);
    bench.viewThread();
    bench.snapshot();
    bench.viewThread();

    assertThat(bench.find("T", "a", 9_999)).isEqualTo(kept);
  }

  @Test
  void filesThatNoSnapshotNamesAreDeletedAtTheStart() throws IOException {
    fill(RUN_PAIRS, "a");
    bench.viewThread();
    bench.files.open(RunFormat.UNFINISHED + "-run").close();
    bench.files.open("snapshot-1").close();
    bench.log.clear();
    bench.restart();
    bench.viewThread();

    assertThat(runs()).containsExactly("snapshot-1");
  }

  @Test
  void damagedRunIsRefusedByARestore() throws IOException {
    fill(RUN_PAIRS, "a");
    bench.snapshot();
    bench.viewThread();
    String run = runs().get(0);
    bench.files.flipBit(run, 2 * RunFormat.BLOCK_BYTES + 3);

    assertThatThrownBy(bench::restart).isInstanceOf(IOException.class).hasMessageContaining(run);
  }

  @Test
  void damagedBlockHidesNothingElse() {
    fill(RUN_PAIRS, "a");
    List<Long> later = fill(10, "a");
    bench.viewThread();
    bench.files.flipBit(runs().get(0), RunFormat.BLOCK_BYTES + 100);
    bench.files.flipBit(runs().get(0), 100);

    assertThat(bench.find("T", "a", 9_999)).isEqualTo(later);
  }

  @Test
  void runThatASearchFindsDamagedLeavesTheIndexOnceAndSearchesSayWhatIsMissing() {
    List<Long> lost = fill(RUN_PAIRS, "a");
    fill(10, "b");
    bench.viewThread();
    bench.files.flipBit(runs().get(0), 100);
    assertThat(bench.index().gaps()).isEmpty();
    bench.find("T", "a", 9_999);
    bench.find("T", "a", 9_999);
    bench.viewThread();

    String range = lost.get(0) + " to " + (lost.get(RUN_PAIRS - 1) + 1);
    assertThat(bench.damage).singleElement().asString().contains("block 0 of keys-", range);
    assertThat(bench.index().gaps()).contains(range);
    assertThat(bench.find("T", "a", 9)).isEmpty();
    bench.forget(RUN_PAIRS);
    bench.viewThread();
    assertThat(bench.index().gaps()).as("the log has nothing there either").isEmpty();
  }

  @Test
  void runThatAMergeFindsDamagedDoesNotKeepOthersFromBeingMerged() {
    List<Long> positions = fill(RUN_PAIRS, "a");
    bench.viewThread();
    bench.files.flipBit(runs().get(0), RunFormat.BLOCK_BYTES + 100);
    positions.addAll(fill(8 * RUN_PAIRS, "a"));
    bench.viewThread();

    assertThat(bench.damage).hasSize(1);
    assertThat(bench.index().gaps()).isPresent();
    assertThat(bench.find("T", "a", 99_999))
        .isEqualTo(positions.subList(RUN_PAIRS, positions.size()));
    assertThat(bench.index().runCount()).isEqualTo(1);
  }

  @Test
  void indexWithoutItsSnapshotIsWholeAgainAfterAStart() throws IOException {
    List<Long> positions = fill(RUN_PAIRS, "a");
    bench.snapshot();
    bench.viewThread();
    bench.files.flipBit(runs().get(0), 100);
    bench.find("T", "a", 9_999);
    bench.viewThread();
    assertThat(bench.damage).hasSize(1);
    bench.loseSnapshot();
    bench.restart();
    bench.viewThread();

    assertThat(bench.find("T", "a", 9_999)).isEqualTo(positions);
    assertThat(bench.index().gaps()).isEmpty();
  }

  @Test
  void indexThatCannotBeWrittenSaysSoAndIsWrittenLater() {
    bench.viewThread();
    bench.files.full(true);
    List<Long> positions = fill((KeyIndex.MAX_WAITING_BUFFERS - 1) * RUN_PAIRS, "a");
    bench.viewThread();
    assertThat(bench.index().isBehind()).isFalse();
    positions.addAll(fill(RUN_PAIRS, "a"));
    bench.viewThread();

    assertThat(bench.index().isBehind()).isTrue();
    assertThat(bench.find("T", "a", 9_999)).isEqualTo(positions);
    bench.files.full(false);
    bench.viewThread();
    assertThat(bench.index().isBehind()).isFalse();
    assertThat(bench.find("T", "a", 9_999)).isEqualTo(positions);
  }

  @Test
  void startGoesOnWithAFullDiskWhileMemoryIsToSpare() throws IOException {
    List<Long> positions = fill((KeyIndex.MAX_WAITING_BUFFERS - 1) * RUN_PAIRS, "a");
    bench.files.full(true);
    bench.restart();
    bench.viewThread();

    assertThat(bench.find("T", "a", 9_999)).isEqualTo(positions);
    positions.addAll(fill(RUN_PAIRS, "a"));
    assertThatThrownBy(bench::restart)
        .hasMessageContaining("the key index cannot be written: No space left");
  }

  @Test
  void restartKnowsWhatTheRunningIndexKnew() throws IOException {
    fill(5 * RUN_PAIRS + 7, "a");
    bench.viewThread();
    bench.snapshot();
    bench.forget(RUN_PAIRS + 3);
    fill(RUN_PAIRS, "b");
    bench.viewThread();
    Object state = bench.index().state();
    bench.restart();

    assertThat(bench.index().state()).isEqualTo(state);
  }

  @Test
  void searchReadsABoundedNumberOfRecords() {
    KeyHash same = (topic, key) -> 7;
    IndexBench colliding = new IndexBench(same, new MergePolicy(RUN_PAIRS, 8, 4));
    long wanted = colliding.put("T", Map.of("KEYS", "wanted"));
    for (int i = 1; i < KeySearch.MAX_RECORDS_READ; i++) {
      colliding.put("T", Map.of("KEYS", "other"));
      colliding.viewThread();
    }

    assertThat(colliding.find("T", "wanted", 1)).containsExactly(wanted);
    colliding.put("T", Map.of("KEYS", "other"));
    assertThat(colliding.find("T", "wanted", 1)).isEmpty();
  }
}
