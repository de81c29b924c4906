package io.moiety.broker.access;

import io.moiety.protocol.Command;
import java.util.function.Predicate;

/** What became of a request at the door. */
public sealed interface Access {

  /**
   * It may be served.
   *
   * @param request without its credentials
   * @param mayConsume whether its sender may be given messages of a topic, for requests that name a
   *     message only by its place
   */
  record Granted(Command request, Predicate<String> mayConsume) implements Access {}

  /**
   * It may not.
   *
   * @param remark for the client, in RocketMQ's words
   */
  record Refused(String remark) implements Access {}
}
