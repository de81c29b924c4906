package io.moiety.broker.server;

import io.moiety.protocol.Command;
import io.moiety.protocol.FrameCodec;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;

/** A client that speaks in bytes: what it sends need not be right. */
final class RawClient implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 10_000;

  private final Socket socket;
  private final DataInputStream in;

  RawClient(InetSocketAddress server) throws IOException {
    this(server, 0);
  }

  /**
   * @param receiveBufferBytes what the kernel holds for a client that does not read; 0 leaves it
   */
  RawClient(InetSocketAddress server, int receiveBufferBytes) throws IOException {
    socket = new Socket();
    if (receiveBufferBytes > 0) {
      socket.setReceiveBufferSize(receiveBufferBytes);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()));
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = new DataInputStream(socket.getInputStream());
  }

  /** Over a socket that is connected already. */
  RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = new DataInputStream(socket.getInputStream());
  }

  void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  void write(Command command) throws IOException {
    write(bytes(command));
  }

  static byte[] bytes(Command command) {
    ByteBuffer frame = FrameCodec.encode(command);
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    return bytes;
  }

  /** Writes what the server takes of it. */
  void writeUntilClosed(byte[] bytes) throws IOException {
    try {
      write(bytes);
    } catch (SocketException closed) {
      // That the server closes meanwhile is what the caller looks at next.
      return;
    }
  }

  Command read() throws IOException {
    byte[] frame = new byte[in.readInt()];
    in.readFully(frame);
    return FrameCodec.decode(ByteBuffer.wrap(frame));
  }

  Command call(Command command) throws IOException {
    write(command);
    return read();
  }

  /** Reads to the end; true when the server closed without having sent anything more. */
  boolean isClosedByServer() throws IOException {
    try {
      in.readByte();
      return false;
    } catch (EOFException | SocketException closed) {
      return true;
    }
  }

  /** True when the server has closed, whatever it said before; reads a little of that. */
  boolean isEnded() throws IOException {
    try {
      return in.read(new byte[1024 * 1024]) < 0;
    } catch (SocketException reset) {
      return true;
    }
  }

  /** As {@link #isEnded}, without waiting for something to read. */
  boolean isEndedNow() throws IOException {
    socket.setSoTimeout(1);
    try {
      return isEnded();
    } catch (SocketTimeoutException open) {
      return false;
    } finally {
      socket.setSoTimeout(TIMEOUT_MILLIS);
    }
  }

  /** Until the server closes, whatever it says before. */
  void readToTheEnd() throws IOException {
    try {
      in.readAllBytes();
    } catch (SocketException reset) {
      // Closed with bytes that the server had not read: that is an end too.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
