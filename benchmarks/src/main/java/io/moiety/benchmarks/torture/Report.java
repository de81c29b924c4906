package io.moiety.benchmarks.torture;

import java.util.List;

/**
 * What came of a run.
 *
 * @param findings what is not as it must be
 * @param administered transactions that an administrator decided
 * @param resumes how often one took a half message back from where it was parked
 * @param open half messages and branches that were left open until the end, and were still there
 */
record Report(
    List<String> findings,
    int brokerKills,
    int clientKills,
    int transactions,
    int messagesSeen,
    int administered,
    int resumes,
    int open) {

  @Override
  public String toString() {
    return ("%d kills of the broker, %d of clients; %d transactions, %d messages seen,"
                + " %d decided by administrators, %d resumed by them, %d left open;")
            .formatted(
                brokerKills, clientKills, transactions, messagesSeen, administered, resumes, open)
        + (findings.isEmpty() ? " all as decided" : " " + findings.size() + " findings");
  }
}
