package io.moiety.jms;

import io.moiety.client.Branch;
import io.moiety.protocol.BranchXid;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The work of one connection in branches that are not completed, shared by its sessions: a session
 * that joins a branch counts on where another stopped. Bounded, for branches that are completed
 * over other connections; one that was dropped is prepared without counts. Thread-safe.
 */
final class BranchTable {

  private static final int MAX_BRANCHES = 10_000;

  private final Map<BranchXid, BranchWork> works = new LinkedHashMap<>();

  /** The work in a branch that was started, joined or resumed just now. */
  synchronized BranchWork enter(Branch branch) {
    BranchWork known = works.get(branch.xid());
    if (known != null && known.branch().equals(branch)) {
      return known;
    }
    BranchWork work = new BranchWork(branch);
    works.put(branch.xid(), work);
    if (works.size() > MAX_BRANCHES) {
      works.remove(works.keySet().iterator().next());
    }
    return work;
  }

  synchronized Optional<BranchWork> find(BranchXid xid) {
    return Optional.ofNullable(works.get(xid));
  }

  synchronized void completed(BranchXid xid) {
    works.remove(xid);
  }
}
