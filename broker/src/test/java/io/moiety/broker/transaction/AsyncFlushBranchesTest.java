package io.moiety.broker.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.BranchXid;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is still waited for under {@code ASYNC_FLUSH}. */
class AsyncFlushBranchesTest {
  @TempDir Path directory;
  private BranchBench bench;

  @BeforeEach
  void open() {
    bench = BranchBench.openAsync(directory);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void onePhaseCommitIsAnsweredAsAMessageIsThatIsSent() {
    BranchXid xid = bench.endedBranch(1, "orders");
    bench.commitOnePhase(xid, 1, 0);
    bench.store.store.publish(bench.store.now());
    assertThat(bench.answers).containsExactly(new XaAnswer.Ok());
  }

  @Test
  void whatATransactionManagerPreparesAndDecidesIsForced() {
    BranchXid xid = bench.endedBranch(1, "orders");
    bench.prepare(xid, 1, 0);
    bench.store.store.publish(bench.store.now());
    assertThat(bench.answers).isEmpty();
    bench.flush();
    assertThat(bench.answers).containsExactly(new XaAnswer.Ok());
    bench.commit(xid);
    bench.store.store.publish(bench.store.now());
    assertThat(bench.answers).hasSize(1);
    bench.flush();
    assertThat(bench.answers).containsExactly(new XaAnswer.Ok(), new XaAnswer.Ok());
  }
}
