package io.moiety.broker.config;

import java.util.Optional;

/**
 * Where the broker listens and what one connection may ask of it.
 *
 * @param bindAddress the local address to listen on
 * @param listenPort the port; 0 takes a free one
 * @param advertisedHost RocketMQ's {@code brokerIP1}: the host that routes name; without it, routes
 *     name the address by which the asking client reached the broker
 * @param eventLoops threads that read and write all connections
 * @param maxFrameBytes the largest frame that is read
 * @param limits what clients may hold
 * @param idleTimeoutMillis a connection on which nothing was received for so long is closed
 */
public record NetworkConfig(
    String bindAddress,
    int listenPort,
    Optional<String> advertisedHost,
    int eventLoops,
    int maxFrameBytes,
    ConnectionLimits limits,
    long idleTimeoutMillis) {}
