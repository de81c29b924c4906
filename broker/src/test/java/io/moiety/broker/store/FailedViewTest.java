package io.moiety.broker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.CommitLog;
import io.moiety.broker.log.LogConfig;
import io.moiety.broker.log.LogEvents;
import io.moiety.broker.log.PutStatus;
import io.moiety.broker.store.SystemRecord.TopicSet;
import io.moiety.broker.topic.TopicTable;
import io.moiety.broker.transaction.TestStore;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.RecordDraft;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A view that cannot follow what is in the log. */
class FailedViewTest {
  private static final TopicSet TOPIC = new TopicSet(TopicConfig.of("orders", 1));

  @TempDir Path directory;
  private final FailingView failing = new FailingView();
  private final TopicTable topics = new TopicTable();
  private final CompletableFuture<Throwable> told = new CompletableFuture<>();
  private CommitLog log;
  private Store store;

  private static final class FailingView implements View {
    private boolean fails;

    @Override
    public void applyMessage(LoggedRecord record) {
      follow();
    }

    @Override
    public void applyFact(SystemRecord fact, LoggedRecord record) {
      follow();
    }

    private void follow() {
      if (fails) {
        throw new IllegalStateException("it fails in this test");
      }
    }
  }

  @BeforeEach
  void open() {
    BrokerClock clock = new BrokerClock(() -> 1_000, () -> 0);
    log =
        CommitLog.open(
            LogConfig.of(directory),
            clock::nowMillis,
            new LogEvents() {
              @Override
              public void durableAdvanced(long durablePosition) {}

              @Override
              public void failed(Throwable cause) {
                told.complete(cause);
              }
            });
    store =
        new Store(
            log,
            new StoreSettings(TestStore.HOST, true, 5_000),
            clock,
            (topic, queueId) -> 0,
            List.of(failing, topics));
    store.replay();
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void aFactThatAViewDoesNotFollowIsTheLastRecordUntilAStartBuildsTheViewsAgain() throws Exception {
    failing.fails = true;
    assertThatThrownBy(() -> store.record(TOPIC)).hasMessage("it fails in this test");
    failing.fails = false;
    assertTakesNothing();
    assertThat(told.get(30, TimeUnit.SECONDS)).hasMessage("it fails in this test");
    log.close();
    open();
    assertThat(topics.find("orders")).isPresent();
    long unused = store.record(TOPIC).endPosition();
  }

  @Test
  void aMessageThatAViewDoesNotFollowIsTheLastRecord() {
    failing.fails = true;
    assertThatThrownBy(() -> store.put(message())).hasMessage("it fails in this test");
    failing.fails = false;
    assertTakesNothing();
  }

  private void assertTakesNothing() {
    assertThatThrownBy(() -> store.put(message()))
        .isInstanceOf(AppendRefusedException.class)
        .hasMessageContaining("restart the broker");
    List<PutStatus> answers = new ArrayList<>();
    store.whenDurable(store.endPosition(), answers::add);
    assertThat(answers).containsExactly(PutStatus.SERVICE_NOT_AVAILABLE);
  }

  private static RecordDraft message() {
    return new RecordDraft(
        "orders",
        0,
        0,
        0,
        0,
        0,
        TestStore.HOST,
        TestStore.HOST,
        0,
        0,
        ByteBuffer.allocate(8),
        MessageProperties.empty());
  }
}
