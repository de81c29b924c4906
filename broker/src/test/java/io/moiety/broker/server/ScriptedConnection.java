package io.moiety.broker.server;

import io.moiety.protocol.Command;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A connection without a socket: keeps what it is told. */
final class ScriptedConnection implements Connection {

  private final long id;
  private final List<Command> notices = new ArrayList<>();
  private final List<Runnable> closeActions = new ArrayList<>();
  private Optional<String> clientId = Optional.empty();
  private boolean open = true;

  ScriptedConnection(long id) {
    this.id = id;
  }

  List<Command> notices() {
    return notices;
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000 + (int) id);
  }

  @Override
  public InetSocketAddress localAddress() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 9876);
  }

  @Override
  public Optional<String> clientId() {
    return clientId;
  }

  @Override
  public void identify(String name) {
    clientId = Optional.of(name);
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void notify(Command oneway) {
    notices.add(oneway);
  }

  @Override
  public void onClose(Runnable action) {
    closeActions.add(action);
  }

  @Override
  public void close() {
    open = false;
    closeActions.forEach(Runnable::run);
  }
}
