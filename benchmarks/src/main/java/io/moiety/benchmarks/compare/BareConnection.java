package io.moiety.benchmarks.compare;

import io.moiety.protocol.Command;
import io.moiety.protocol.FrameCodec;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A socket to a broker: one request at a time, and no client's own ways in between. */
final class BareConnection implements AutoCloseable {

  private static final int CONNECT_MILLIS = 1_000;
  private static final int MAX_ANSWER_BYTES = 1 << 20;

  private final Socket socket = new Socket();

  BareConnection(InetSocketAddress address, Duration answerLimit) throws IOException {
    try {
      socket.connect(address, CONNECT_MILLIS);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(Math.toIntExact(answerLimit.toMillis()));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  Command ask(Command request) throws IOException {
    ByteBuffer frame = FrameCodec.encode(request);
    int offset = frame.arrayOffset() + frame.position();
    socket.getOutputStream().write(frame.array(), offset, frame.remaining());
    DataInputStream in = new DataInputStream(socket.getInputStream());
    int bytes = in.readInt();
    if (bytes < 0 || bytes > MAX_ANSWER_BYTES) {
      throw new IOException("an answer of " + bytes + " bytes");
    }
    return FrameCodec.decode(ByteBuffer.wrap(in.readNBytes(bytes)));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
