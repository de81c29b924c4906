package io.moiety.client;

import java.time.Duration;

/**
 * Who answered.
 *
 * @param storeUuid names the store; two connections to the same one reach the same resource manager
 * @param sessionTimeout how long the broker keeps sessions of a connection it hears nothing from
 * @param maxMessageBytes the largest body it stores
 */
public record BrokerIdentity(
    String storeUuid,
    String brokerName,
    String brokerVersion,
    Duration sessionTimeout,
    int maxMessageBytes) {}
