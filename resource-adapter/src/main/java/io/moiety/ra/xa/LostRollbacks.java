package io.moiety.ra.xa;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.moiety.jms.spi.AdapterConnection;
import io.moiety.protocol.BranchXid;
import io.moiety.ra.work.ContainerTasks;
import jakarta.jms.JMSException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/**
 * Rolls back what the transaction manager wanted rolled back while the broker could not be reached.
 * Payara and GlassFish take such a rollback for done and never ask again, so a prepared branch
 * would stay in doubt until the server is started again. The manager has decided, so nobody will
 * commit these; one that it rolled back itself meanwhile is unknown to the broker, which is as
 * good.
 *
 * <p>Thread-safe: its lock protects what is left to do; no broker is asked under it, and by one
 * task at a time.
 */
public final class LostRollbacks {

  private static final System.Logger LOGGER = System.getLogger(LostRollbacks.class.getName());
  private static final long MIN_DELAY_MILLIS = 1_000;
  private static final long MAX_DELAY_MILLIS = 60_000;

  /** More are left to the transaction manager's recovery. */
  private static final int MAX_PENDING = 10_000;

  /**
   * @param broker equal for equal ways of connecting
   */
  private record Way(Object broker, RecoveryResource.Source source) {}

  private final ContainerTasks tasks;
  private final Object lock = new Object();
  private final Map<BranchXid, Way> pending = new LinkedHashMap<>();
  private boolean scheduled;
  private long delayMillis = MIN_DELAY_MILLIS;

  public LostRollbacks(ContainerTasks tasks) {
    this.tasks = tasks;
  }

  /**
   * The broker did not answer the rollback of a branch. Does not wait.
   *
   * @param broker equal for equal ways of connecting
   */
  public void add(Xid branch, Object broker, RecoveryResource.Source source) {
    synchronized (lock) {
      if (pending.size() < MAX_PENDING) {
        pending.putIfAbsent(BranchXid.copyOf(branch), new Way(broker, source));
      } else {
        LOGGER.log(
            WARNING,
            "The rollback of branch {0} is left to the transaction manager: {1} others wait for"
                + " their brokers already",
            branch,
            MAX_PENDING);
      }
    }
    scheduleNext();
  }

  int pendingCount() {
    synchronized (lock) {
      return pending.size();
    }
  }

  private void scheduleNext() {
    long waitMillis;
    synchronized (lock) {
      if (scheduled) {
        return;
      }
      if (pending.isEmpty()) {
        delayMillis = MIN_DELAY_MILLIS;
        return;
      }
      scheduled = true;
      waitMillis = delayMillis;
      delayMillis = Math.min(MAX_DELAY_MILLIS, delayMillis * 2);
    }
    tasks.executeAfter(waitMillis, this::attempt);
  }

  /** On a thread of the server. */
  private void attempt() {
    Map<Object, Map<BranchXid, Way>> byBroker = new HashMap<>();
    synchronized (lock) {
      pending.forEach(
          (xid, way) ->
              byBroker.computeIfAbsent(way.broker(), one -> new LinkedHashMap<>()).put(xid, way));
    }
    try {
      byBroker.values().forEach(this::rollBack);
    } finally {
      synchronized (lock) {
        scheduled = false;
      }
      scheduleNext();
    }
  }

  /**
   * Those of one broker, over one connection, as far as it answers: each further one might wait for
   * a connect.
   */
  private void rollBack(Map<BranchXid, Way> branches) {
    RecoveryResource.Source source = branches.values().iterator().next().source();
    try (AdapterConnection connection = source.connect()) {
      XAResource resource = connection.createXASession().getXAResource();
      for (Map.Entry<BranchXid, Way> branch : branches.entrySet()) {
        if (!rollBack(resource, branch.getKey())) {
          postpone(branch.getKey(), branch.getValue());
          return;
        }
      }
    } catch (JMSException | RuntimeException unreachable) {
      // Whatever a factory of an application that is gone throws: other brokers do not wait.
      LOGGER.log(DEBUG, "The broker of rolled back branches cannot be reached yet", unreachable);
    }
  }

  /** The next pass begins with another one, in case that only this cannot be answered. */
  private void postpone(BranchXid xid, Way way) {
    synchronized (lock) {
      if (pending.remove(xid, way)) {
        pending.put(xid, way);
      }
    }
  }

  /** False when the broker did not answer again. */
  private boolean rollBack(XAResource resource, BranchXid xid) {
    try {
      resource.rollback(xid);
      LOGGER.log(INFO, "Branch {0} is rolled back, which the broker did not answer at first", xid);
    } catch (XAException failure) {
      if (failure.errorCode == XAException.XAER_RMFAIL) {
        LOGGER.log(DEBUG, "The broker of rolled back branches does not answer yet", failure);
        return false;
      }
      LOGGER.log(
          failure.errorCode == XAException.XAER_NOTA ? DEBUG : WARNING,
          "Branch {0} is not rolled back, after the broker did not answer at first: {1}",
          xid,
          failure.getMessage());
    }
    synchronized (lock) {
      pending.remove(xid);
    }
    return true;
  }
}
