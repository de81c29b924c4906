package io.moiety.broker.config;

/**
 * When and how often producers are asked for the outcome of their half messages.
 *
 * @param timeoutMillis age of a half message at its first check
 * @param checkIntervalMillis time between two checks
 * @param checkMax delivered checks after which a half message is put aside
 */
public record TransactionConfig(long timeoutMillis, long checkIntervalMillis, int checkMax) {}
