package io.moiety.client;

import io.moiety.protocol.ResponseCode;
import java.util.Optional;

/** How safe a stored message was when the broker answered. */
public enum SendStatus {
  /** As durable as the broker's configuration promises. */
  OK,
  /** Appended, but the force to disk did not end in time or failed. */
  FLUSH_DISK_TIMEOUT,
  /** Stored here, but no replica is near enough to take it. */
  SLAVE_NOT_AVAILABLE,
  /** Stored here, but the replica did not confirm in time. */
  FLUSH_SLAVE_TIMEOUT;

  static Optional<SendStatus> ofCode(int code) {
    return switch (code) {
      case ResponseCode.SUCCESS -> Optional.of(OK);
      case ResponseCode.FLUSH_DISK_TIMEOUT -> Optional.of(FLUSH_DISK_TIMEOUT);
      case ResponseCode.SLAVE_NOT_AVAILABLE -> Optional.of(SLAVE_NOT_AVAILABLE);
      case ResponseCode.FLUSH_SLAVE_TIMEOUT -> Optional.of(FLUSH_SLAVE_TIMEOUT);
      default -> Optional.empty();
    };
  }
}
