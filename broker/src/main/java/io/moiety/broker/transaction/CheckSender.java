package io.moiety.broker.transaction;

import io.moiety.protocol.Command;
import java.net.InetSocketAddress;

/** The way to the producers of a group. */
@FunctionalInterface
public interface CheckSender {
  /**
   * Sends a check to one live member of the group: first to the one that sent the half message, as
   * far as it is there, then to the others in turn.
   *
   * @param origin the address from which the half message was sent
   * @param checksBefore how many members were asked about it already
   * @return how many members could be asked; 0 when nobody was
   */
  int send(String producerGroup, InetSocketAddress origin, int checksBefore, Command check);

  /** False when no member of the group is there: a check would reach nobody. */
  default boolean mayReach(String producerGroup) {
    return true;
  }
}
