package io.moiety.broker.server;

import io.moiety.protocol.Command;

/** Serves the requests of one or a few codes. */
@FunctionalInterface
public interface RequestHandler {

  /**
   * Called on an event loop, so it must not block; what touches the broker's state is posted to the
   * store turn. The answer may come at any later time and on any thread. An exception thrown from
   * here is answered through {@link Reply#fail(Throwable)}.
   */
  void handle(Command request, Connection connection, Reply reply);
}
