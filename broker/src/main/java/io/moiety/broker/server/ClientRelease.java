package io.moiety.broker.server;

import io.moiety.protocol.Command;
import io.moiety.protocol.Language;

/**
 * What a client runs, as its frames say.
 *
 * @param version ordinal of its RocketMQ release
 */
record ClientRelease(Language language, int version) {

  static final ClientRelease UNKNOWN = new ClientRelease(Language.OTHER, 0);

  static ClientRelease of(Command request) {
    return new ClientRelease(request.language(), request.version());
  }
}
