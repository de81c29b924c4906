package io.moiety.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.FrameCodec;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One accepted connection of a {@link ScriptedPeer}, driven by the test's thread. */
final class PeerConnection implements AutoCloseable {

  private final Socket socket;
  private final DataInputStream in;

  PeerConnection(Socket socket, int waitMillis) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(waitMillis);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
  }

  /** Reads the next frame, which must be this request. */
  Command expect(int requestCode) {
    Command command = read();
    assertThat(command.isResponse()).as("is a response: %s", command).isFalse();
    assertThat(command.code()).as("code of %s", command).isEqualTo(requestCode);
    return command;
  }

  /** As {@link #expect}, answering the keep-alives that come before it. */
  Command expectBesideKeepAlives(int requestCode) {
    Command command = read();
    while (command.code() == RequestCode.HELLO) {
      answer(command, ScriptedPeer.identity(ScriptedPeer.SESSION_TIMEOUT));
      command = read();
    }
    assertThat(command.code()).as("code of %s", command).isEqualTo(requestCode);
    return command;
  }

  Command read() {
    try {
      byte[] frame = new byte[in.readInt()];
      in.readFully(frame);
      return FrameCodec.decode(ByteBuffer.wrap(frame));
    } catch (IOException failure) {
      throw new UncheckedIOException("no frame came", failure);
    }
  }

  /** Waits until the client has closed its end; what it still wrote is passed over. */
  void expectClosed() {
    try {
      while (in.read() >= 0) {
        in.skipNBytes(in.available());
      }
    } catch (EOFException | SocketException closed) {
      // Closed as well, with bytes of ours unread.
      return;
    } catch (IOException failure) {
      throw new UncheckedIOException("the client did not close the connection", failure);
    }
  }

  void answer(Command request) {
    answer(request, Fields.empty());
  }

  void answer(Command request, Fields fields) {
    answer(request, fields, Command.noBody());
  }

  void answer(Command request, Fields fields, ByteBuffer body) {
    send(Command.response(request, ResponseCode.SUCCESS, null, fields, body));
  }

  void refuse(Command request, int code, @Nullable String remark) {
    refuse(request, code, remark, Fields.empty());
  }

  void refuse(Command request, int code, @Nullable String remark, Fields fields) {
    send(Command.response(request, code, remark, fields));
  }

  /** Answers a send. */
  void stored(Command send, int queueId, long queueOffset) {
    answer(
        send,
        Fields.builder()
            .put("msgId", Records.offsetMessageId(queueOffset))
            .put("queueId", queueId)
            .put("queueOffset", queueOffset)
            .build());
  }

  void send(Command command) {
    send(FrameCodec.encode(command));
  }

  void send(ByteBuffer bytes) {
    byte[] array = new byte[bytes.remaining()];
    bytes.get(array);
    try {
      socket.getOutputStream().write(array);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Ends the connection at once, as when the broker's process is killed. */
  void cut() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
