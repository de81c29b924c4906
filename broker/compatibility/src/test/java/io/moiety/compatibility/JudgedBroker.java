package io.moiety.compatibility;

import java.io.IOException;
import java.util.Map;

/**
 * The broker that is judged, in a process of its own: Moiety's, or the original with its name
 * server. Free ports, a directory of its own. May be used from any thread.
 */
interface JudgedBroker extends AutoCloseable {

  /**
   * Starts the one that {@link Judged#current} says.
   *
   * @param settings beyond those that every judged broker has, with names that both sides know
   */
  static JudgedBroker start(Map<String, String> settings) throws IOException {
    return switch (Judged.current()) {
      case MOIETY -> MoietyBroker.start(settings);
      case ORIGINAL -> OriginalBroker.start(settings);
    };
  }

  /** What clients take for {@code namesrvAddr}. */
  String nameServerAddress();

  /** Where the broker itself listens. */
  String brokerAddress();

  /** SIGKILL to the broker; the original's name server stays. */
  void kill();

  /** Starts it again after {@link #kill}, on the same port and store; returns when it serves. */
  void startAgain() throws IOException;

  @Override
  void close();
}
