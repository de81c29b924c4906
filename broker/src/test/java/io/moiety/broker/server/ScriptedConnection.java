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
  private ClientRelease release = ClientRelease.UNKNOWN;
  private final List<Command> calls = new ArrayList<>();
  private final List<ClientAnswer> answers = new ArrayList<>();
  private boolean open = true;
  private boolean retired;
  private boolean writable = true;

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
  public ClientRelease release() {
    return release;
  }

  @Override
  public void identify(String name, ClientRelease newRelease) {
    clientId = Optional.of(name);
    release = newRelease;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void retire() {
    retired = true;
    close();
  }

  @Override
  public boolean isRetired() {
    return retired;
  }

  @Override
  public boolean notify(Command oneway) {
    if (open && writable) {
      notices.add(oneway);
    }
    return open && writable;
  }

  /** Whether the client takes what it is sent. */
  void writable(boolean newWritable) {
    writable = newWritable;
  }

  /** Requests that wait for an answer, in their order; {@link #answer} answers the first. */
  List<Command> calls() {
    return calls;
  }

  ClientAnswer answer() {
    return answers.remove(0);
  }

  @Override
  public void call(
      ClientCalls.Kind kind, Command request, long timeoutMillis, ClientAnswer answer) {
    calls.add(request);
    answers.add(answer);
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
