package io.moiety.broker.server;

import java.lang.System.Logger;

/**
 * What the log is told of connections, each kind for itself: much of one leaves out none of
 * another.
 *
 * @param refusals requests without permission
 * @param shuts connections that are closed since they were refused too often
 * @param limits connections that are closed since they hold too much, or are too many
 * @param faults what is no frame, no handshake, or too large
 */
record ConnectionLogs(SparseLog refusals, SparseLog shuts, SparseLog limits, SparseLog faults) {

  static ConnectionLogs to(Logger log) {
    return new ConnectionLogs(
        new SparseLog(log), new SparseLog(log), new SparseLog(log), new SparseLog(log));
  }
}
