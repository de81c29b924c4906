package io.moiety.broker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.store.SystemRecord.CommittedOffset;
import io.moiety.broker.store.SystemRecord.OffsetsCommitted;
import io.moiety.broker.store.SystemRecord.TopicSet;
import io.moiety.broker.transaction.TestStore;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Facts that hold together or not at all. */
class FactsTogetherTest {
  private static final int MORE_THAN_A_RECORD = 100_000;

  @TempDir Path directory;
  private TestStore store;

  @BeforeEach
  void open() {
    store = TestStore.open(directory);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void factsOfWhichOneDoesNotFitAreNotTakenAtAll() {
    SystemRecord tooLarge =
        new OffsetsCommitted(
            Collections.nCopies(
                MORE_THAN_A_RECORD, new CommittedOffset("g".repeat(120), "T", 0, 1)));
    long end = store.store.endPosition();

    assertThatThrownBy(() -> store.store.recordAll(List.of(topic("T"), tooLarge)))
        .isInstanceOf(AppendRefusedException.class);

    assertThat(store.topics.find("T")).isEmpty();
    assertThat(store.store.endPosition()).isEqualTo(end);
  }

  @Test
  void factsThatFitAreTakenInTheirOrder() {
    long end = store.store.recordAll(List.of(topic("T"), topic("U"))).endPosition();

    assertThat(store.topics.find("T")).isPresent();
    assertThat(store.topics.find("U")).isPresent();
    assertThat(end).isEqualTo(store.store.endPosition());
  }

  private static SystemRecord topic(String name) {
    return new TopicSet(TopicConfig.of(name, 1));
  }
}
