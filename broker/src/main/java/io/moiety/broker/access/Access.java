package io.moiety.broker.access;

import io.moiety.protocol.Command;

/** What became of a request at the door. */
public sealed interface Access {

  /**
   * It may be served.
   *
   * @param request without its credentials
   * @param rights of its sender
   */
  record Granted(Command request, Rights rights) implements Access {}

  /**
   * It may not.
   *
   * @param remark for the client, in RocketMQ's words
   */
  record Refused(String remark) implements Access {}
}
