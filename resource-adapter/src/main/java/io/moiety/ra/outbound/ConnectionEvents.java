package io.moiety.ra.outbound;

import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ManagedConnection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** Tells a managed connection's pool what happens to it. Thread-safe. */
final class ConnectionEvents {

  private final ManagedConnection source;
  private final List<ConnectionEventListener> listeners = new CopyOnWriteArrayList<>();
  private final BooleanSupplier connected;
  private final AtomicBoolean told = new AtomicBoolean();
  private volatile boolean broken;

  /**
   * @param connected whether the connection is not known to be lost
   */
  ConnectionEvents(ManagedConnection source, BooleanSupplier connected) {
    this.source = source;
    this.connected = connected;
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

  /**
   * Something failed at work: when the connection turns out to be lost, the pool is told. A broker
   * that is only busy, or slow to answer, must not make the pool drop a connection and connect
   * again.
   */
  void failed(Exception cause) {
    if (!connected.getAsBoolean()) {
      broken(cause);
    }
  }

  /**
   * Tells of the first breakage only: pools answer it by destroying the connection. While there is
   * no pool yet to listen, a later failure tells it.
   */
  void broken(Exception cause) {
    broken = true;
    if (!listeners.isEmpty() && told.compareAndSet(false, true)) {
      ConnectionEvent event =
          new ConnectionEvent(source, ConnectionEvent.CONNECTION_ERROR_OCCURRED, cause);
      listeners.forEach(listener -> listener.connectionErrorOccurred(event));
    }
  }

  boolean isBroken() {
    return broken;
  }
}
