package io.moiety.ra.outbound;

import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ManagedConnection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tells a managed connection's pool what happens to it. Thread-safe. */
final class ConnectionEvents {

  private final ManagedConnection source;
  private final List<ConnectionEventListener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicBoolean broken = new AtomicBoolean();

  ConnectionEvents(ManagedConnection source) {
    this.source = source;
  }

  void add(ConnectionEventListener listener) {
    listeners.add(listener);
  }

  void remove(ConnectionEventListener listener) {
    listeners.remove(listener);
  }

  void closed(ConnectionHandle handle) {
    ConnectionEvent event = new ConnectionEvent(source, ConnectionEvent.CONNECTION_CLOSED);
    event.setConnectionHandle(handle);
    listeners.forEach(listener -> listener.connectionClosed(event));
  }

  /** Tells of the first breakage only: pools answer it by destroying the connection. */
  void broken(Exception cause) {
    if (broken.compareAndSet(false, true)) {
      ConnectionEvent event =
          new ConnectionEvent(source, ConnectionEvent.CONNECTION_ERROR_OCCURRED, cause);
      listeners.forEach(listener -> listener.connectionErrorOccurred(event));
    }
  }

  boolean isBroken() {
    return broken.get();
  }
}
