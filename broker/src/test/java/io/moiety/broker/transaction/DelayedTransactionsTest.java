package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.store.Journal.Logged;
import io.moiety.broker.store.SystemRecord.BranchSend;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.SystemTopics;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that are sent in a transaction and are to be delivered later. */
class DelayedTransactionsTest {
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

  private void reopen() {
    store.close();
    long now = store.now();
    open();
    store.wallMillis.set(now);
  }

  private Logged half(String property, long value) {
    RecordDraft draft = store.draft(SystemTopics.HALF, "a");
    Logged half =
        store.store.put(
            draft.withProperties(
                MessageProperties.empty()
                    .with(PropertyNames.REAL_TOPIC, "orders")
                    .with(PropertyNames.REAL_QUEUE_ID, "0")
                    .with(PropertyNames.PRODUCER_GROUP, "shop")
                    .with(property, Long.toString(value))));
    store.flush();
    return half;
  }

  private void commit(Logged half) {
    new Resolver(
            store.halves,
            store.completion,
            store.store,
            position -> Optional.of(store.find(position)),
            store.store)
        .resolve(
            new Resolver.Target(half.position(), half.queueOffset(), "shop", ""),
            true,
            store.now(),
            answer -> {});
    store.flush();
  }

  private void passMillis(long millis) {
    store.wallMillis.addAndGet(millis);
    store.delayed.run(store.now());
    store.flush();
  }

  @Test
  void aRelativeDelayBeginsAtTheCommit() {
    for (List<String> delay :
        List.of(
            List.of(PropertyNames.TIMER_DELAY_MS, "5000"),
            List.of(PropertyNames.TIMER_DELAY_SEC, "5"),
            List.of(PropertyNames.DELAY, "2"))) {
      long before = store.served("orders").size();
      Logged half = half(delay.get(0), Long.parseLong(delay.get(1)));
      passMillis(60_000);
      assertThat(store.served("orders")).hasSize((int) before);
      commit(half);
      passMillis(4_999);
      assertThat(store.served("orders")).hasSize((int) before);
      passMillis(1);
      assertThat(store.served("orders")).hasSize((int) before + 1);
    }
  }

  @Test
  void anAbsoluteTimeHoldsHoweverLateTheCommit() {
    Logged half = half(PropertyNames.TIMER_DELIVER_MS, store.now() + 5_000);
    passMillis(4_000);
    commit(half);
    passMillis(999);
    assertThat(store.served("orders")).isEmpty();
    passMillis(1);
    assertThat(store.served("orders")).containsExactly("a");
  }

  @Test
  void anAbsoluteTimeThatIsPastAtTheCommitMeansAtOnce() {
    Logged half = half(PropertyNames.TIMER_DELIVER_MS, store.now() + 5_000);
    passMillis(5_001);
    assertThat(store.served("orders")).isEmpty();
    commit(half);
    assertThat(store.served("orders")).containsExactly("a");
  }

  @Test
  void aCommittedDelayedMessageIsDeliveredOnceOverRestarts() {
    Logged half = half(PropertyNames.TIMER_DELAY_MS, 5_000);
    commit(half);
    reopen();
    commit(half);
    passMillis(5_000);
    reopen();
    commit(half);
    passMillis(60_000);
    assertThat(store.served("orders")).containsExactly("a");
  }

  @Test
  void theDelayOfABranchesMessageBeginsAtItsCommitToo() {
    BranchXid xid = store.xid(1);
    long incarnation = store.start(xid);
    Logged half =
        store.store.put(
            store
                .draft(SystemTopics.HALF, "a")
                .withProperties(
                    MessageProperties.empty()
                        .with(PropertyNames.REAL_TOPIC, "orders")
                        .with(PropertyNames.REAL_QUEUE_ID, "0")
                        .with(PropertyNames.TIMER_DELAY_MS, "5000")
                        .with(PropertyNames.BRANCH_INCARNATION, Long.toString(incarnation))
                        .with(PropertyNames.BRANCH_SEQUENCE, "1")));
    store.branches.sent(xid, new BranchSend(1, half.position(), half.sizeBytes()), 1);
    store.branches.end(xid, incarnation, XAResource.TMSUCCESS);
    store.flush();
    passMillis(60_000);
    store.decisions.commitOnePhase(xid, 1, 0, store.now(), answer -> {});
    store.flush();
    passMillis(4_999);
    assertThat(store.served("orders")).isEmpty();
    passMillis(1);
    assertThat(store.served("orders")).containsExactly("a");
  }
}
