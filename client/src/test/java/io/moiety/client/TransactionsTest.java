package io.moiety.client;

import static io.moiety.client.TestClient.await;
import static io.moiety.client.TestClient.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.BranchXid;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class TransactionsTest {

  private static final BranchXid XID = new BranchXid(0x4D4F, new byte[] {1, 2}, new byte[] {3});
  private static final String XID_TEXT = XID.toText();

  private final ScriptedPeer broker = ScriptedPeer.listen();
  private TestClient connected;
  private PeerConnection peer;
  private Transactions transactions;

  @BeforeEach
  void connect() {
    connected = TestClient.connect(broker);
    peer = connected.peer();
    transactions = connected.client().transactions();
  }

  @AfterEach
  void close() {
    connected.close();
    broker.close();
  }

  @Test
  void startLearnsTheIncarnation() {
    CompletableFuture<Branch> started =
        transactions.start(XID, XAResource.TMJOIN, Duration.ofSeconds(30));
    Command request =
        expect(
            RequestCode.XA_START,
            Map.of("xid", XID_TEXT, "flags", "2097152", "timeoutMillis", "30000"));
    peer.answer(request, Fields.builder().put("incarnation", 5).build());
    assertThat(await(started)).isEqualTo(new Branch(XID, 5));
  }

  @Test
  void endNamesTheIncarnation() {
    CompletableFuture<Void> ended = transactions.end(new Branch(XID, 5), XAResource.TMSUCCESS);
    peer.answer(
        expect(
            RequestCode.XA_END, Map.of("xid", XID_TEXT, "incarnation", "5", "flags", "67108864")));
    await(ended);
  }

  @ParameterizedTest
  @CsvSource({"0, OK", "3, READ_ONLY"})
  void prepareCarriesTheCountsAndBringsTheVote(int wire, Vote vote) {
    CompletableFuture<Vote> voted =
        transactions.prepare(new Branch(XID, 5), new BranchCounts(2, 1));
    Command request =
        expect(
            RequestCode.XA_PREPARE,
            Map.of("xid", XID_TEXT, "incarnation", "5", "sends", "2", "acks", "1"));
    peer.answer(request, Fields.builder().put("vote", wire).build());
    assertThat(await(voted)).isEqualTo(vote);
  }

  @Test
  void prepareWorksForBranchesOfOthers() {
    transactions.prepare(XID, BranchCounts.UNKNOWN);
    expect(RequestCode.XA_PREPARE, Map.of("xid", XID_TEXT, "sends", "-1", "acks", "-1"));
  }

  @Test
  void commitsInOnePhaseOrTwo() {
    CompletableFuture<Void> two = transactions.commit(XID);
    peer.answer(expect(RequestCode.XA_COMMIT, Map.of("xid", XID_TEXT, "onePhase", "false")));
    await(two);
    CompletableFuture<Void> one = transactions.commitOnePhase(XID, new BranchCounts(3, 0));
    peer.answer(
        expect(
            RequestCode.XA_COMMIT,
            Map.of("xid", XID_TEXT, "onePhase", "true", "sends", "3", "acks", "0")));
    await(one);
  }

  @Test
  void aCommitThatEndsItsBranchAsksForTheNextOne() {
    BranchXid next = new BranchXid(0x4D4F, new byte[] {4}, new byte[] {5});
    CompletableFuture<Optional<Branch>> committed =
        transactions.endAndCommit(
            new Branch(XID, 5),
            new BranchCounts(3, 1),
            Optional.of(new NextBranch(next, Duration.ofSeconds(30))));
    Command request =
        expect(
            RequestCode.XA_COMMIT,
            Map.of(
                "xid",
                XID_TEXT,
                "incarnation",
                "5",
                "onePhase",
                "true",
                "sends",
                "3",
                "acks",
                "1",
                "next",
                next.toText(),
                "timeoutMillis",
                "30000"));
    peer.answer(request, Fields.builder().put("nextIncarnation", 6).build());
    assertThat(await(committed)).contains(new Branch(next, 6));
  }

  @Test
  void aCommitThatCouldStartNoBranchIsACommitAllTheSame() {
    CompletableFuture<Optional<Branch>> committed =
        transactions.endAndCommit(
            new Branch(XID, 5),
            new BranchCounts(0, 1),
            Optional.of(new NextBranch(XID, Duration.ofSeconds(30))));
    peer.answer(peer.expect(RequestCode.XA_COMMIT));
    assertThat(await(committed)).isEmpty();
  }

  @Test
  void rollsBackAndForgets() {
    CompletableFuture<Void> rolledBack = transactions.rollback(XID);
    peer.answer(expect(RequestCode.XA_ROLLBACK, Map.of("xid", XID_TEXT)));
    await(rolledBack);
    CompletableFuture<Void> forgotten = transactions.forget(XID);
    peer.answer(expect(RequestCode.XA_FORGET, Map.of("xid", XID_TEXT)));
    await(forgotten);
  }

  @Test
  void failuresOfABranchAreXaErrors() {
    CompletableFuture<Void> committed = transactions.commit(XID);
    peer.refuse(
        peer.expect(RequestCode.XA_COMMIT),
        ResponseCode.TRANSACTION_FAILED,
        "no such branch",
        Fields.builder().put("xaError", XAException.XAER_NOTA).build());
    XaFailure failure = failure(committed, XaFailure.class);
    assertThat(failure.xaError()).isEqualTo(XAException.XAER_NOTA);
    assertThat(failure.remark()).isEqualTo("no such branch");
  }

  @ParameterizedTest
  @EnumSource(BranchState.class)
  void tellsTheOutcome(BranchState state) {
    CompletableFuture<BranchState> outcome = transactions.outcome(XID);
    peer.answer(
        expect(RequestCode.XA_OUTCOME, Map.of("xid", XID_TEXT)),
        Fields.builder().put("state", state.name()).build());
    assertThat(await(outcome)).isEqualTo(state);
  }

  @Test
  void recoverReadsAllPages() {
    BranchXid second = new BranchXid(1, new byte[] {9}, new byte[] {8});
    BranchXid third = new BranchXid(1, new byte[] {9}, new byte[] {9});
    CompletableFuture<List<BranchXid>> recovered = transactions.recover();
    peer.answer(
        expect(RequestCode.XA_RECOVER, Map.of()),
        Fields.builder().put("more", true).build(),
        Records.utf8(XID_TEXT + "\n" + second.toText()));
    peer.answer(
        expect(RequestCode.XA_RECOVER, Map.of("after", second.toText())),
        Fields.builder().put("more", false).build(),
        Records.utf8(third.toText() + "\n"));
    assertThat(await(recovered)).containsExactly(XID, second, third);
  }

  @Test
  void recoverOfNothingIsEmpty() {
    CompletableFuture<List<BranchXid>> recovered = transactions.recover();
    peer.answer(peer.expect(RequestCode.XA_RECOVER), Fields.builder().put("more", false).build());
    assertThat(await(recovered)).isEmpty();
  }

  @Test
  void moreBranchesThanCanBeTakenAreNotCutOffSilently() {
    CompletableFuture<List<BranchXid>> recovered = transactions.recover();
    for (int page = 0; page < Transactions.MAX_RECOVER_PAGES; page++) {
      BranchXid xid = new BranchXid(page, new byte[] {1}, new byte[] {2});
      peer.answer(
          peer.expect(RequestCode.XA_RECOVER),
          Fields.builder().put("more", true).build(),
          Records.utf8(xid.toText()));
    }
    assertThat(failure(recovered, RequestLimitException.class)).hasMessageContaining("1000");
  }

  @Test
  void recoverThatCannotReadAllFailsInsteadOfReturningSome() {
    CompletableFuture<List<BranchXid>> recovered = transactions.recover();
    peer.answer(
        peer.expect(RequestCode.XA_RECOVER),
        Fields.builder().put("more", true).build(),
        Records.utf8(XID_TEXT));
    peer.expect(RequestCode.XA_RECOVER);
    peer.cut();
    failure(recovered, ConnectionLostException.class);
  }

  private Command expect(int code, Map<String, String> fields) {
    Command request = peer.expect(code);
    assertThat(request.fields().asMap()).containsExactlyInAnyOrderEntriesOf(fields);
    return request;
  }
}
