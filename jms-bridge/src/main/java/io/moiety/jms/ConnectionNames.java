package io.moiety.jms;

import java.util.UUID;

/** What the broker calls connections that have no client id. */
final class ConnectionNames {

  private ConnectionNames() {}

  static String anonymous() {
    return "moiety-" + UUID.randomUUID();
  }
}
