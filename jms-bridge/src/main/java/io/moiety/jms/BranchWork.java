package io.moiety.jms;

import io.moiety.client.Branch;
import io.moiety.client.BranchCounts;
import io.moiety.client.BranchPart;
import io.moiety.client.SendReceipt;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What one connection has done in a branch: counts, and sends whose answers are outstanding. Sends
 * are not waited for one by one; the branch's end waits for all. Thread-safe, since several
 * sessions of a connection may work in one branch.
 */
final class BranchWork {

  private static final int MAX_OUTSTANDING_SENDS = 256;
  private static final long MAX_OUTSTANDING_BYTES = 8L * 1024 * 1024;

  private record Outstanding(CompletableFuture<SendReceipt> answer, int bytes) {}

  private final Branch branch;
  private final Queue<Outstanding> outstanding = new ArrayDeque<>();
  private long outstandingBytes;

  /** Of a send whose answer was waited for when its failure could not be thrown. */
  private @Nullable ExecutionException unthrown;

  private int sends;
  private int acknowledgements;

  BranchWork(Branch branch) {
    this.branch = branch;
  }

  Branch branch() {
    return branch;
  }

  synchronized BranchPart nextPart() {
    sends++;
    return branch.part(sends);
  }

  synchronized void countAcknowledgement() {
    acknowledgements++;
  }

  synchronized BranchCounts counts() {
    return new BranchCounts(sends, acknowledgements);
  }

  /**
   * Takes note of a send. Waits for earlier ones when too many are outstanding.
   *
   * @throws ExecutionException when one of those failed
   */
  void sent(CompletableFuture<SendReceipt> answer, int bytes) throws ExecutionException {
    add(new Outstanding(answer, bytes));
    while (isFull()) {
      awaitOldest();
    }
  }

  /** The same, but a failure of earlier ones shows later. */
  void sentAsynchronously(CompletableFuture<SendReceipt> answer, int bytes) {
    add(new Outstanding(answer, bytes));
    while (isFull()) {
      try {
        awaitOldest();
      } catch (ExecutionException failure) {
        keep(failure);
      }
    }
  }

  private synchronized void keep(ExecutionException failure) {
    unthrown = unthrown == null ? failure : unthrown;
  }

  private synchronized @Nullable ExecutionException takeUnthrown() {
    ExecutionException taken = unthrown;
    unthrown = null;
    return taken;
  }

  /**
   * Waits for the answers to all sends.
   *
   * @throws ExecutionException when one failed, after all were answered
   */
  void awaitSends() throws ExecutionException {
    ExecutionException first = takeUnthrown();
    while (hasOutstanding()) {
      try {
        awaitOldest();
      } catch (ExecutionException failure) {
        first = first == null ? failure : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private void awaitOldest() throws ExecutionException {
    Outstanding oldest = removeOldest();
    if (oldest != null) {
      Await.outcome(oldest.answer());
    }
  }

  private synchronized void add(Outstanding send) {
    outstanding.add(send);
    outstandingBytes += send.bytes();
  }

  private synchronized boolean isFull() {
    return outstanding.size() > MAX_OUTSTANDING_SENDS || outstandingBytes > MAX_OUTSTANDING_BYTES;
  }

  private synchronized boolean hasOutstanding() {
    return !outstanding.isEmpty();
  }

  private synchronized @Nullable Outstanding removeOldest() {
    Outstanding oldest = outstanding.poll();
    if (oldest != null) {
      outstandingBytes -= oldest.bytes();
    }
    return oldest;
  }
}
