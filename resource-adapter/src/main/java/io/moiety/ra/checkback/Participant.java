package io.moiety.ra.checkback;

/**
 * A connection factory's part in transactions.
 *
 * @param instance the run of the adapter whose connection it is
 */
record Participant(
    Membership membership, Instance instance, int fenceAfterSeconds, OutcomeKeeper keeper) {}
