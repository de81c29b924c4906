package io.moiety.broker.registration;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.FrameCodec;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes what brokers say to a name server, and answers each with the code that it is set to. */
final class ScriptedNameServer implements AutoCloseable {
  private final ServerSocket listener;
  private final List<Command> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private volatile int answerCode;

  private ScriptedNameServer(ServerSocket listener) {
    this.listener = listener;
  }

  /** Listens on {@code port} of the loopback; 0 takes a free one. */
  static ScriptedNameServer start(int port) throws IOException {
    ScriptedNameServer server =
        new ScriptedNameServer(new ServerSocket(port, 50, InetAddress.getLoopbackAddress()));
    daemon(server::accept);
    return server;
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "scripted-name-server");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return listener.getLocalPort();
  }

  String address() {
    return "127.0.0.1:" + port();
  }

  void answerWith(int code) {
    answerCode = code;
  }

  /** All that came, also on connections that are gone. */
  List<Command> requests() {
    return requests;
  }

  int openConnections() {
    return (int) connections.stream().filter(connection -> !connection.isClosed()).count();
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = listener.accept();
        connections.add(connection);
        daemon(() -> serve(connection));
      }
    } catch (IOException closed) {
      connections.forEach(ScriptedNameServer::close);
    }
  }

  private void serve(Socket connection) {
    try {
      DataInputStream in = new DataInputStream(connection.getInputStream());
      while (true) {
        Command request = FrameCodec.decode(ByteBuffer.wrap(in.readNBytes(in.readInt())));
        requests.add(request);
        Command answer = Command.response(request, answerCode, "as scripted", Fields.empty());
        ByteBuffer frame = FrameCodec.encode(answer);
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        connection.getOutputStream().write(bytes);
      }
    } catch (IOException closed) {
      close(connection);
    }
  }

  private static void close(Socket connection) {
    try {
      connection.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    connections.forEach(ScriptedNameServer::close);
  }
}
