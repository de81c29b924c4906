package io.moiety.broker.server;

import io.moiety.protocol.BadFieldException;
import java.util.regex.Pattern;

/** Names that clients choose and the broker keeps, and shows in its log, are short and a line. */
final class ClientNames {

  static final int MAX_CHARS = 1_024;
  private static final int SHOWN_CHARS = 64;
  private static final String CONTROL = "\\p{Cntrl}";
  private static final Pattern GROUP = Pattern.compile("[%|a-zA-Z0-9_-]{1,255}");

  private ClientNames() {}

  /**
   * The name, if it is short enough and has no line ends or the like, which would forge a log.
   *
   * @param field under which the client gave it
   * @throws BadFieldException when it is not
   */
  static String check(String field, String name) {
    if (name.length() > MAX_CHARS) {
      throw new BadFieldException(
          field, name.substring(0, SHOWN_CHARS) + "…", "at most " + MAX_CHARS + " characters");
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw new BadFieldException(
          field, name.replaceAll(CONTROL, "?"), "a text without control characters");
    }
    return name;
  }

  /**
   * The name, if it can be one of a group.
   *
   * @param field under which the client gave it
   * @throws BadFieldException when it cannot
   */
  static String checkGroup(String field, String name) {
    if (!GROUP.matcher(name).matches()) {
      throw new BadFieldException(field, name, "1 to 255 letters, digits, %, |, _ and -");
    }
    return name;
  }
}
