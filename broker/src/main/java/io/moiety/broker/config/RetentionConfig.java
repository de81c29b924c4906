package io.moiety.broker.config;

/**
 * How long messages are kept that nobody need acknowledge, and how full the disk may become.
 *
 * @param reservedHours age from which a segment may be deleted
 * @param forcedCleanPercent use of the disk from which the oldest segments go before that age
 * @param warningPercent use of the disk from which producers are refused
 * @param maxStoreBytes size of the log from which the oldest segments go before that age; 0 for no
 *     such limit
 */
public record RetentionConfig(
    int reservedHours, int forcedCleanPercent, int warningPercent, long maxStoreBytes) {}
