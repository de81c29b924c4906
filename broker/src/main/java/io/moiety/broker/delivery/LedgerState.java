package io.moiety.broker.delivery;

import java.util.List;
import java.util.Map;

/**
 * What a ledger holds, as a value: two ledgers are the same when these are equal.
 *
 * @param positioned false while the group never came to the queue, so far as the log says
 * @param floor everything below is acknowledged
 * @param acknowledged what is acknowledged above the floor
 * @param counts deliveries so far by queue offset, of messages that went back to their place
 * @param heldBy incarnation of the branch that took a message provisionally, by queue offset
 */
record LedgerState(
    boolean positioned,
    long floor,
    List<OffsetRanges.Range> acknowledged,
    Map<Long, Integer> counts,
    Map<Long, Long> heldBy) {}
