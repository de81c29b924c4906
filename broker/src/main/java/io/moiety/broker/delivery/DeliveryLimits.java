package io.moiety.broker.delivery;

/**
 * Bounds of delivery.
 *
 * @param sessionTimeoutMillis silence after which a connection's sessions are dropped
 * @param maxMessagesPerReceive messages in one answer
 * @param maxBytesPerReceive bytes in one answer (one message is always let through)
 * @param maxWaitMillis how long a receive may wait for messages
 * @param maxLeasesPerSession messages that a session may have without acknowledging them
 * @param maxSpan how far above the floor of a ledger messages are delivered; farther while there is
 *     less to remember than half as many ranges of acknowledged messages, so that a selector finds
 *     what is behind any number of others
 * @param maxWaitingPerConnection waiting POP requests of one connection
 */
public record DeliveryLimits(
    long sessionTimeoutMillis,
    int maxSessionsPerConnection,
    int maxConsumersPerSession,
    int maxMessagesPerReceive,
    int maxBytesPerReceive,
    long maxWaitMillis,
    int maxLeasesPerSession,
    long maxSpan,
    int maxWaitingPerConnection) {

  public static DeliveryLimits defaults() {
    return new DeliveryLimits(
        30_000, 1_024, 1_024, 1_024, 8 * 1024 * 1024, 60_000, 50_000, 100_000, 1_024);
  }

  /** How long one waits who would like to wait so long. */
  long waitMillis(long asked) {
    return Math.max(0, Math.min(asked, maxWaitMillis));
  }

  public DeliveryLimits withSessionTimeoutMillis(long newSessionTimeoutMillis) {
    return new DeliveryLimits(
        newSessionTimeoutMillis,
        maxSessionsPerConnection,
        maxConsumersPerSession,
        maxMessagesPerReceive,
        maxBytesPerReceive,
        maxWaitMillis,
        maxLeasesPerSession,
        maxSpan,
        maxWaitingPerConnection);
  }
}
