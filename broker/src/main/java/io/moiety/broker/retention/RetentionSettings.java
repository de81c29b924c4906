package io.moiety.broker.retention;

/**
 * How long and how much is kept.
 *
 * @param reservedMillis age at which what nobody waits for may go; RocketMQ's {@code
 *     fileReservedTime}
 * @param forcedCleanPercent use of the disk from which the oldest segments go before that age;
 *     RocketMQ's {@code diskSpaceCleanForciblyRatio}
 * @param warningPercent use of the disk from which producers are refused; RocketMQ's {@code
 *     diskSpaceWarningLevelRatio}
 * @param maxStoreBytes size of the log from which the oldest segments go before that age, and above
 *     which producers are refused when nothing can go; {@code Long.MAX_VALUE} for no such limit
 * @param carriedPerRun records that are carried forward in one go, so that others have the turn too
 */
public record RetentionSettings(
    long reservedMillis,
    int forcedCleanPercent,
    int warningPercent,
    long maxStoreBytes,
    int carriedPerRun) {}
