package io.moiety.broker.system;

import static io.moiety.broker.system.Wire.await;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.config.Profile;
import io.moiety.client.Branch;
import io.moiety.client.BranchCounts;
import io.moiety.client.Transactions;
import io.moiety.protocol.BranchXid;
import io.moiety.protocol.MessageProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.transaction.xa.XAResource;

/**
 * Prepares many branches over the wire, restarts the broker, and recovers and decides all of them.
 * By hand: {@code ManyBranchesTrial [branches, 100000] [directory]}.
 */
final class ManyBranchesTrial {
  private static final int AT_ONCE = 500;

  private ManyBranchesTrial() {}

  public static void main(String[] arguments) throws IOException {
    int branches = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
    Path directory =
        arguments.length > 1 ? Path.of(arguments[1]) : Files.createTempDirectory("branches");
    try (Broker broker = start(directory);
        Wire wire = Wire.connect(broker.address().getPort())) {
      long beganNanos = System.nanoTime();
      for (int from = 0; from < branches; from += AT_ONCE) {
        prepare(wire, from, Math.min(branches, from + AT_ONCE));
      }
      told("prepared " + branches, beganNanos);
      recover(wire, branches);
    }
    long beganNanos = System.nanoTime();
    try (Broker broker = start(directory);
        Wire wire = Wire.connect(broker.address().getPort())) {
      told("started again", beganNanos);
      List<BranchXid> found = recover(wire, branches);
      beganNanos = System.nanoTime();
      for (int from = 0; from < branches; from += AT_ONCE) {
        List<CompletableFuture<Void>> commits = new ArrayList<>();
        found
            .subList(from, Math.min(branches, from + AT_ONCE))
            .forEach(xid -> commits.add(wire.client.transactions().commit(xid)));
        commits.forEach(Wire::await);
      }
      told("committed " + branches, beganNanos);
      recover(wire, 0);
    }
  }

  private static Broker start(Path directory) {
    return Broker.start(
        BrokerConfig.of(
            Map.of("storePathRootDir", directory.toString(), "listenPort", "0"),
            Profile.STANDALONE));
  }

  private static void prepare(Wire wire, int from, int to) {
    Transactions transactions = wire.client.transactions();
    List<CompletableFuture<Branch>> starting = new ArrayList<>();
    for (int i = from; i < to; i++) {
      starting.add(transactions.start(wire.xid(i), XAResource.TMNOFLAGS, Duration.ofMinutes(5)));
    }
    List<Branch> branches = starting.stream().map(Wire::await).toList();
    List<CompletableFuture<?>> steps = new ArrayList<>();
    for (Branch branch : branches) {
      steps.add(
          wire.client.send(
              Wire.message("out", "x", MessageProperties.empty(), Optional.of(branch.part(1)))));
      steps.add(transactions.end(branch, XAResource.TMSUCCESS));
      steps.add(transactions.prepare(branch, new BranchCounts(1, 0)));
    }
    steps.forEach(Wire::await);
  }

  private static List<BranchXid> recover(Wire wire, int expected) {
    long beganNanos = System.nanoTime();
    List<BranchXid> found = await(wire.client.transactions().recover());
    told("recovered " + found.size(), beganNanos);
    Set<BranchXid> distinct = new HashSet<>(found);
    if (distinct.size() != expected || found.size() != expected) {
      throw new AssertionError(expected + " were expected, each once");
    }
    return found;
  }

  private static void told(String what, long beganNanos) {
    System.out.printf(
        "%s in %d ms%n", what, Duration.ofNanos(System.nanoTime() - beganNanos).toMillis());
  }
}
