package io.moiety.broker.server;

import java.util.Optional;

/**
 * Who took a decision, as it is recorded: the user whom access control knows, the address, and the
 * name that the person gave.
 */
final class Administrator {
  /** So that a message's properties have room for it. */
  private static final int MAX_CHARS = 160;

  private Administrator() {}

  /**
   * The name of who sent a request.
   *
   * @param user who signed it; empty where there are no users
   * @param given what the person wants to be called
   */
  static String name(String user, Connection connection, Optional<String> given) {
    StringBuilder name = new StringBuilder("administrator ");
    if (!user.isEmpty()) {
      name.append(user).append('@');
    }
    name.append(connection.remoteAddress().getAddress().getHostAddress());
    given
        .filter(text -> !text.isBlank())
        .ifPresent(text -> name.append(" (").append(text).append(')'));
    String printable = name.toString().replaceAll("\\p{Cntrl}", "?");
    return printable.length() <= MAX_CHARS
        ? printable
        : printable.substring(0, MAX_CHARS - 1) + "…";
  }
}
