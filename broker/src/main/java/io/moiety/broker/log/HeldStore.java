package io.moiety.broker.log;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** The right to use a store, until it is closed. */
interface HeldStore extends Closeable {

  /** Tells those who are refused where this broker listens. */
  void publish(Optional<String> address) throws IOException;
}
