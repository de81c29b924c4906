package io.moiety.broker.transaction;

import io.moiety.protocol.Command;

/** The way to the producers of a group. */
@FunctionalInterface
public interface CheckSender {
  /**
   * Sends a check to one live member of the group.
   *
   * @return false when no member is connected: nobody was asked
   */
  boolean send(String producerGroup, Command check);
}
