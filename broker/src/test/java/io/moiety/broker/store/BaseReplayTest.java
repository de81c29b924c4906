package io.moiety.broker.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BaseReplayTest {
  private static final BaseRecord BEGUN = new BaseRecord.Begun(BaseRecordCodec.FORMAT, "id");
  private static final SystemRecord FIRST = new SystemRecord.BranchDone(1);
  private static final SystemRecord SECOND = new SystemRecord.BranchDone(2);

  private final BaseReplay replay = new BaseReplay();

  private static BaseRecord said(SystemRecord fact) {
    return new BaseRecord.Said(List.of(fact));
  }

  private static BaseRecord ended(String id, int records) {
    return new BaseRecord.Ended(id, records);
  }

  @Test
  void theEndMarkGivesAllFactsInTheirOrder() {
    assertThat(replay.next(BEGUN)).isEmpty();
    assertThat(replay.next(said(FIRST))).isEmpty();
    assertThat(replay.next(said(SECOND))).isEmpty();
    assertThat(replay.next(ended("id", 2))).contains(List.of(FIRST, SECOND));
    assertThat(replay.complete()).isEqualTo(1);
  }

  @Test
  void aBaseWithoutFactsIsOneToo() {
    replay.next(BEGUN);
    assertThat(replay.next(ended("id", 0))).contains(List.of());
  }

  @Test
  void whatIsLeftOfABaseIsDroppedWhenAnotherRecordComes() {
    replay.next(BEGUN);
    replay.next(said(FIRST));
    replay.drop();
    assertThat(replay.next(said(SECOND))).isEmpty();
    assertThat(replay.next(ended("id", 2))).isEmpty();
    assertThat(replay.complete()).isZero();
  }

  @Test
  void aBaseThatBeginsBehindAPartOfAnotherIsItself() {
    replay.next(BEGUN);
    replay.next(said(FIRST));
    replay.next(new BaseRecord.Begun(BaseRecordCodec.FORMAT, "other"));
    replay.next(said(SECOND));
    assertThat(replay.next(ended("other", 1))).contains(List.of(SECOND));
  }

  @Test
  void aMarkOfAnotherBaseEndsNone() {
    replay.next(BEGUN);
    assertThat(replay.next(ended("other", 0))).isEmpty();
    assertThat(replay.next(ended("id", 0))).isEmpty();
  }

  @Test
  void aBaseWithAMissingRecordIsNone() {
    replay.next(BEGUN);
    replay.next(said(FIRST));
    assertThat(replay.next(ended("id", 2))).isEmpty();
  }
}
