package io.moiety.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.log.CommitLog;
import io.moiety.broker.log.LogEvents;
import io.moiety.broker.log.SimulatedDisk;
import io.moiety.broker.log.SimulatedLog;
import io.moiety.broker.snapshot.SimulatedViewFiles;
import io.moiety.broker.store.Journal;
import io.moiety.broker.store.SystemRecord;
import io.moiety.broker.store.TopicConfig;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.RecordDraft;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A record of which any bit has flipped is delivered to nobody, and those beside it are. */
class FlippedBitTest {
  private final AtomicLong wallMillis = new AtomicLong(1_700_000_000_000L);
  private final SimulatedDisk disk = new SimulatedDisk(1);
  private final List<Journal.Logged> logged = new ArrayList<>();
  private WholeStore store;
  private int groups;

  @BeforeEach
  void open() throws IOException {
    CommitLog log =
        SimulatedLog.open(
            disk,
            SimulatedLog.config(256 * 1024, 128 * 1024, 32 * 1024),
            wallMillis::get,
            new NobodyHears(),
            new Random(1));
    store = WholeStore.open(log, new SimulatedViewFiles(), wallMillis, Long.MAX_VALUE);
    store.begin();
    store.store.record(new SystemRecord.TopicSet(TopicConfig.of("T", 1)));
    for (String body : List.of("a", "b", "c")) {
      logged.add(store.store.put(draft(body)));
    }
    store.endTurn();
    store.endTurn();
  }

  private RecordDraft draft(String body) {
    return new RecordDraft(
        "T",
        0,
        0,
        0,
        0,
        wallMillis.get(),
        WholeStore.HOST,
        WholeStore.HOST,
        0,
        0,
        ByteBuffer.wrap(body.getBytes(UTF_8)),
        MessageProperties.of(Map.of("KEYS", "k")));
  }

  /** What a group gets that has got nothing yet. */
  private List<String> popped() {
    groups++;
    Popped answer = Popped.by(store, "g" + groups, 10, 0, wallMillis.get());
    store.endTurn();
    return answer.bodies();
  }

  @Test
  void noBitOfAMessageCanFlipUnnoticedBeforeItIsPopped() {
    assertThat(popped()).containsExactly("a", "b", "c");
    Journal.Logged second = logged.get(1);
    for (long position = second.position(); position < second.endPosition(); position++) {
      int bit = (int) (position % 8);
      disk.flip(position, bit);
      assertThat(popped()).as("bit %d at %d", bit, position).containsExactly("a", "c");
      disk.flip(position, bit);
    }
    assertThat(popped()).containsExactly("a", "b", "c");
  }

  private static final class NobodyHears implements LogEvents {
    @Override
    public void durableAdvanced(long durablePosition) {}

    @Override
    public void failed(Throwable cause) {
      throw new AssertionError(cause);
    }
  }
}
