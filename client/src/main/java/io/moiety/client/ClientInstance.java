package io.moiety.client;

/**
 * Who a client is over several connections, for one that connects again after a loss. The greeting
 * of a higher epoch ends what an earlier connection had at the broker, and what is still on its way
 * there; only then {@link MoietyClient#sendOutcome} is certain.
 *
 * @param name random, the same for all connections
 * @param epoch higher with each attempt to connect
 */
public record ClientInstance(String name, long epoch) {}
