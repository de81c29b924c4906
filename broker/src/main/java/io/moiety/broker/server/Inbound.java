package io.moiety.broker.server;

import io.moiety.protocol.Command;

/** What {@link FrameDecoder} makes of the bytes of a connection. */
sealed interface Inbound {

  /**
   * A frame that can be served.
   *
   * @param sizeBytes what it holds of memory
   */
  record Frame(Command command, int sizeBytes) implements Inbound {}

  /**
   * A frame that is too large: its header, so that it can be refused by name, without the body,
   * which is skipped.
   */
  record Oversize(Command head, int frameBytes) implements Inbound {}

  /**
   * A frame for which there is no room now: its header, as above.
   *
   * @param heldBytes what frames that have come in part held
   */
  record Unheld(Command head, int frameBytes, long heldBytes) implements Inbound {}
}
