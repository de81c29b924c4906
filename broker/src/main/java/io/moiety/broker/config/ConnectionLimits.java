package io.moiety.broker.config;

/**
 * What clients may hold of the broker.
 *
 * @param maxConnections one more is closed at once
 * @param maxInFlightRequests requests of one connection that may wait for an answer; more are
 *     answered {@code SYSTEM_BUSY}
 * @param maxInFlightBytesPerConnection bytes of these requests; likewise
 * @param maxInFlightBytes bytes of the requests of all connections that wait for an answer, or of
 *     which only a part has come
 */
public record ConnectionLimits(
    int maxConnections,
    int maxInFlightRequests,
    long maxInFlightBytesPerConnection,
    long maxInFlightBytes) {}
