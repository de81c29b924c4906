package io.moiety.client;

import io.moiety.protocol.BranchXid;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Steps of transaction branches at the broker. A step that the broker fails completes with {@link
 * XaFailure}.
 *
 * <p>When the answer to a commit gets lost, its future fails with {@link ConnectionLostException}
 * (or {@link RequestTimeoutException}) and says nothing about the outcome: ask {@link #outcome} on
 * a new connection. Thread-safe.
 */
public final class Transactions {

  /**
   * With the broker's 1,000 to a page, more branches in doubt than a transaction manager can take.
   */
  static final int MAX_RECOVER_PAGES = 1_000;

  private final Connection connection;
  private final Duration timeout;

  Transactions(Connection connection, Duration timeout) {
    this.connection = connection;
    this.timeout = timeout;
  }

  /**
   * Opens a branch, joins it or resumes it.
   *
   * @param flags TMNOFLAGS, TMJOIN or TMRESUME of {@link javax.transaction.xa.XAResource}
   * @param branchTimeout after which the broker rolls back a branch that is not prepared
   */
  public CompletableFuture<Branch> start(BranchXid xid, int flags, Duration branchTimeout) {
    Fields fields =
        xid(xid).put("flags", flags).put("timeoutMillis", branchTimeout.toMillis()).build();
    return ask(
        RequestCode.XA_START,
        fields,
        AnswerReader.ofSuccess(
            answer -> new Branch(xid, answer.fields().requiredLong("incarnation"))));
  }

  /**
   * Ends or suspends the work of this connection in a branch. Wait for the answers to its sends and
   * acknowledgements first.
   *
   * @param flags TMSUCCESS, TMFAIL or TMSUSPEND of {@link javax.transaction.xa.XAResource}
   */
  public CompletableFuture<Void> end(Branch branch, int flags) {
    Fields fields =
        xid(branch.xid()).put("incarnation", branch.incarnation()).put("flags", flags).build();
    return ask(RequestCode.XA_END, fields, AnswerReader.DONE);
  }

  /** Makes a branch durable that was worked in here. */
  public CompletableFuture<Vote> prepare(Branch branch, BranchCounts counts) {
    return prepare(branch.xid(), OptionalLong.of(branch.incarnation()), counts);
  }

  /** Makes a branch durable whose incarnation is not known here. */
  public CompletableFuture<Vote> prepare(BranchXid xid, BranchCounts counts) {
    return prepare(xid, OptionalLong.empty(), counts);
  }

  private CompletableFuture<Vote> prepare(
      BranchXid xid, OptionalLong incarnation, BranchCounts counts) {
    Fields.Builder fields = xid(xid).put("sends", counts.sends()).put("acks", counts.acks());
    incarnation.ifPresent(known -> fields.put("incarnation", known));
    return ask(
        RequestCode.XA_PREPARE,
        fields.build(),
        AnswerReader.ofSuccess(answer -> Vote.ofWire(answer.fields().requiredInt("vote"))));
  }

  /** Commits a prepared branch. */
  public CompletableFuture<Void> commit(BranchXid xid) {
    return ask(RequestCode.XA_COMMIT, xid(xid).put("onePhase", false).build(), AnswerReader.DONE);
  }

  /** Commits a branch that has ended and was not prepared. */
  public CompletableFuture<Void> commitOnePhase(BranchXid xid, BranchCounts counts) {
    return ask(RequestCode.XA_COMMIT, onePhase(xid, counts).build(), AnswerReader.DONE);
  }

  /**
   * Ends the work of this connection in a branch, commits it, and starts another, in one request.
   * Nobody needs to wait for the answers to its sends and acknowledgements: the counts tell the
   * broker of one that it refused. A commit that fails starts nothing.
   *
   * @param next what to start
   * @return the branch that was started; empty when the commit happened and the broker could not
   *     start one, which {@link #start} will say why
   */
  public CompletableFuture<Optional<Branch>> endAndCommit(
      Branch branch, BranchCounts counts, Optional<NextBranch> next) {
    Fields.Builder fields = onePhase(branch.xid(), counts).put("incarnation", branch.incarnation());
    next.ifPresent(asked -> asked.askIn(fields));
    return ask(
        RequestCode.XA_COMMIT,
        fields.build(),
        AnswerReader.ofSuccess(answer -> next.flatMap(asked -> asked.startedBy(answer.fields()))));
  }

  private static Fields.Builder onePhase(BranchXid xid, BranchCounts counts) {
    return xid(xid).put("onePhase", true).put("sends", counts.sends()).put("acks", counts.acks());
  }

  /** Rolls a branch back, prepared or not. */
  public CompletableFuture<Void> rollback(BranchXid xid) {
    return ask(RequestCode.XA_ROLLBACK, xid(xid).build(), AnswerReader.DONE);
  }

  /** Lets the broker forget a branch that was completed heuristically. */
  public CompletableFuture<Void> forget(BranchXid xid) {
    return ask(RequestCode.XA_FORGET, xid(xid).build(), AnswerReader.DONE);
  }

  /** What became of a branch. */
  public CompletableFuture<BranchState> outcome(BranchXid xid) {
    return ask(
        RequestCode.XA_OUTCOME,
        xid(xid).build(),
        AnswerReader.ofSuccess(
            answer -> AnswerFields.constant(BranchState.class, answer.fields(), "state")));
  }

  /**
   * All branches that are prepared, or completed heuristically and not forgotten: never a part of
   * them, since a transaction manager takes what is missing for decided.
   */
  public CompletableFuture<List<BranchXid>> recover() {
    CompletableFuture<List<BranchXid>> all = new CompletableFuture<>();
    recoverPage(new ArrayList<>(), 1, all);
    return all;
  }

  private void recoverPage(
      List<BranchXid> found, int page, CompletableFuture<List<BranchXid>> all) {
    Fields.Builder fields = Fields.builder();
    if (!found.isEmpty()) {
      fields.put("after", found.get(found.size() - 1).toText());
    }
    CompletableFuture<RecoverPage> answer =
        ask(
            RequestCode.XA_RECOVER,
            fields.build(),
            AnswerReader.ofSuccess(Transactions::recoverPage));
    answer.whenComplete(
        (next, failure) -> {
          if (failure != null) {
            all.completeExceptionally(failure);
            return;
          }
          found.addAll(next.xids());
          if (!next.more() || next.xids().isEmpty()) {
            all.complete(List.copyOf(found));
          } else if (page < MAX_RECOVER_PAGES) {
            recoverPage(found, page + 1, all);
          } else {
            all.completeExceptionally(
                new RequestLimitException(
                    "more than "
                        + found.size()
                        + " branches are in doubt, which is the most that is asked for"));
          }
        });
  }

  private static RecoverPage recoverPage(Command answer) {
    String text = StandardCharsets.UTF_8.decode(answer.body()).toString();
    List<BranchXid> xids =
        text.lines().filter(line -> !line.isBlank()).map(BranchXid::parse).toList();
    return new RecoverPage(xids, answer.fields().flag("more"));
  }

  private <T> CompletableFuture<T> ask(int code, Fields fields, AnswerReader<T> reader) {
    return connection.request(Command.request(code, fields), RequestKind.CONTROL, timeout, reader);
  }

  private static Fields.Builder xid(BranchXid xid) {
    return Fields.builder().put("xid", xid.toText());
  }

  private record RecoverPage(List<BranchXid> xids, boolean more) {}
}
