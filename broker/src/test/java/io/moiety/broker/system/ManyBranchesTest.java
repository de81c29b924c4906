package io.moiety.broker.system;

import static io.moiety.broker.system.Wire.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.client.Branch;
import io.moiety.client.BranchCounts;
import io.moiety.client.Transactions;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.MessageProperties;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More prepared branches than an answer to XA_RECOVER has room for, over the wire. */
class ManyBranchesTest {
  private static final int BRANCHES = 3_200;
  private static final int AT_ONCE = 400;

  @TempDir Path directory;

  @Test
  void allPreparedBranchesAreRecoveredAfterARestartAndDecided() {
    List<BranchXid> prepared;
    try (Broker broker = start();
        Wire wire = Wire.connect(broker.address().getPort())) {
      prepared = IntStream.range(0, BRANCHES).mapToObj(wire::xid).toList();
      for (int from = 0; from < BRANCHES; from += AT_ONCE) {
        prepare(wire, prepared.subList(from, from + AT_ONCE));
      }
      assertThat(recovered(wire)).containsExactlyInAnyOrderElementsOf(prepared);
    }
    try (Broker broker = start();
        Wire wire = Wire.connect(broker.address().getPort())) {
      assertThat(recovered(wire)).containsExactlyInAnyOrderElementsOf(prepared);
      for (int from = 0; from < BRANCHES; from += AT_ONCE) {
        List<CompletableFuture<Void>> commits = new ArrayList<>();
        prepared
            .subList(from, from + AT_ONCE)
            .forEach(xid -> commits.add(wire.client.transactions().commit(xid)));
        commits.forEach(Wire::await);
      }
      assertThat(recovered(wire)).isEmpty();
    }
  }

  private Broker start() {
    return Broker.start(
        BrokerConfig.of(
            Map.of("storePathRootDir", directory.toString(), "listenPort", "0"), Profile.EMBEDDED));
  }

  private static void prepare(Wire wire, List<BranchXid> xids) {
    Transactions transactions = wire.client.transactions();
    List<CompletableFuture<Branch>> starting = new ArrayList<>();
    xids.forEach(
        xid -> starting.add(transactions.start(xid, XAResource.TMNOFLAGS, Duration.ofMinutes(5))));
    List<CompletableFuture<?>> steps = new ArrayList<>();
    for (Branch branch : starting.stream().map(Wire::await).toList()) {
      steps.add(
          wire.client.send(
              Wire.message("out", "x", MessageProperties.empty(), Optional.of(branch.part(1)))));
      steps.add(transactions.end(branch, XAResource.TMSUCCESS));
      steps.add(transactions.prepare(branch, new BranchCounts(1, 0)));
    }
    steps.forEach(Wire::await);
  }

  private static List<BranchXid> recovered(Wire wire) {
    return await(wire.client.transactions().recover());
  }
}
