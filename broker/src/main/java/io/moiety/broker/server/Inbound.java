package io.moiety.broker.server;

import io.moiety.protocol.Command;

/** What {@link FrameDecoder} makes of the bytes of a connection. */
sealed interface Inbound {

  /** A frame that can be served. */
  record Frame(Command command) implements Inbound {}

  /**
   * A frame that is too large: its header, so that it can be refused by name, without the body,
   * which is skipped.
   */
  record Oversize(Command head, int frameBytes) implements Inbound {}
}
