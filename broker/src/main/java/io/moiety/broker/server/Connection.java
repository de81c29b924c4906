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

  /** What the client runs; {@link ClientRelease#UNKNOWN} before it gave itself a name. */
  ClientRelease release();

  /** Remembers who the client is, for {@link #clientId()}, {@link #release()} and for logs. */
  void identify(String clientId, ClientRelease release);

  boolean isOpen();

  /**
   * Closes the connection, or finds it closed: its client asks by another one what became of its
   * sends, so none that is still on the way may be stored any more.
   */
  void retire();

  /** True from {@link #retire} on. */
  boolean isRetired();

  /**
   * Sends a one-way request to the client. It is dropped when the connection is closed or has more
   * to write than it can hold: whoever sends one must be able to live without it.
   *
   * @return false when it was dropped
   */
  boolean notify(Command oneway);

  /** Sends a request to the client and tells of its answer, or that there is none in time. */
  void call(ClientCalls.Kind kind, Command request, long timeoutMillis, ClientAnswer answer);

  /** Runs the action once, on the event loop, when the connection closes or if it is closed. */
  void onClose(Runnable action);

  void close();
}
