package io.moiety.broker.server;

import io.moiety.protocol.Command;
import java.net.InetSocketAddress;
import java.util.Optional;

/** One client's TCP connection. Thread-safe. */
public interface Connection {

  /** Unique as long as this broker runs. */
  long id();

  InetSocketAddress remoteAddress();

  /** The address by which the client reached the broker. */
  InetSocketAddress localAddress();

  /** The name that the client gave itself in a heartbeat or in HELLO. */
  Optional<String> clientId();

  /** Remembers the client's name for {@link #clientId()} and for logs. */
  void identify(String clientId);

  boolean isOpen();

  /**
   * Sends a one-way request to the client. It is dropped when the connection is closed or has more
   * to write than it can hold: whoever sends one must be able to live without it.
   */
  void notify(Command oneway);

  /** Runs the action once, on the event loop, when the connection closes or if it is closed. */
  void onClose(Runnable action);

  void close();
}
