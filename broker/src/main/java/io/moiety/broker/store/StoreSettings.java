package io.moiety.broker.store;

import java.net.InetSocketAddress;

/**
 * What the store is told at its start.
 *
 * @param storeHost the address that offset message ids name
 * @param syncFlush true: nothing is served before it is durable
 * @param flushTimeoutMillis how long an answer waits for the disk
 */
public record StoreSettings(
    InetSocketAddress storeHost, boolean syncFlush, long flushTimeoutMillis) {}
