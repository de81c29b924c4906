package io.moiety.protocol;

import java.nio.ByteBuffer;

/**
 * Frames of RocketMQ's remoting protocol, all numbers big-endian:
 *
 * <pre>
 *   0        4          5               8          8+n
 *   +--------+----------+---------------+----------+------
 *   | length | type     | header length | header   | body
 *   +--------+----------+---------------+----------+------
 *   length         bytes that follow it: 4 + header + body
 *   type           0 JSON, 1 binary: the high byte of the header-length word
 * </pre>
 *
 * <p>No state, usable from any thread. Reading frames off a connection, and refusing lengths above
 * the limit, is the caller's part.
 */
public final class FrameCodec {

  /** RocketMQ's default limit for what follows the length field. */
  public static final int DEFAULT_MAX_FRAME_BYTES = 16 * 1024 * 1024;

  public static final int LENGTH_FIELD_BYTES = 4;

  /** What stands before the header: the length field and the header-length word. */
  static final int PREFIX_BYTES = 8;

  private static final int HEADER_WORD_BYTES = 4;
  private static final int MAX_HEADER_BYTES = (1 << 24) - 1;

  private FrameCodec() {}

  /**
   * Decodes what remains of a buffer, whose position is left as it is. The command's body is a view
   * of the same bytes.
   *
   * @throws MalformedFrameException when the header is not one, or is longer than the frame
   */
  public static Command decode(ByteBuffer frameWithoutLengthField) {
    ByteBuffer frame = frameWithoutLengthField.slice();
    if (frame.capacity() < HEADER_WORD_BYTES) {
      throw new MalformedFrameException(
          "a frame of " + frame.capacity() + " bytes has no room for its header length");
    }
    int word = frame.getInt(0);
    HeaderFormat format = HeaderFormat.ofTypeByte(word >>> 24);
    int headerBytes = word & MAX_HEADER_BYTES;
    int bodyBytes = frame.capacity() - HEADER_WORD_BYTES - headerBytes;
    if (bodyBytes < 0) {
      throw new MalformedFrameException(
          "header length is " + headerBytes + " in a frame of " + frame.capacity() + " bytes");
    }
    ByteBuffer body = frame.slice(HEADER_WORD_BYTES + headerBytes, bodyBytes);
    byte[] header;
    int from;
    if (frame.hasArray()) {
      header = frame.array();
      from = frame.arrayOffset() + HEADER_WORD_BYTES;
    } else {
      header = new byte[headerBytes];
      frame.get(HEADER_WORD_BYTES, header);
      from = 0;
    }
    return switch (format) {
      case JSON -> JsonHeader.decode(header, from, headerBytes, body);
      case BINARY -> BinaryHeader.decode(header, from, headerBytes, body);
    };
  }

  /**
   * Everything that stands before the body: length, header-length word and header, as a heap buffer
   * ready to be read. The caller writes {@code bodyBytes} bytes of body after it; the command's own
   * body is not looked at.
   */
  public static ByteBuffer encodeHead(Command command, int bodyBytes) {
    ByteBuffer head =
        switch (command.format()) {
          case JSON -> JsonHeader.encode(command);
          case BINARY -> BinaryHeader.encode(command);
        };
    int headerBytes = head.limit() - PREFIX_BYTES;
    if (headerBytes > MAX_HEADER_BYTES) {
      throw new IllegalArgumentException(
          "a header of " + headerBytes + " bytes; " + MAX_HEADER_BYTES + " is the most");
    }
    head.putInt(0, Math.addExact(HEADER_WORD_BYTES + headerBytes, bodyBytes));
    head.putInt(LENGTH_FIELD_BYTES, command.format().typeByte() << 24 | headerBytes);
    return head;
  }

  /** The whole frame, with a copy of the command's body. */
  public static ByteBuffer encode(Command command) {
    ByteBuffer body = command.body();
    ByteBuffer head = encodeHead(command, body.remaining());
    if (!body.hasRemaining()) {
      return head;
    }
    return ByteBuffer.allocate(Math.addExact(head.remaining(), body.remaining()))
        .put(head)
        .put(body)
        .flip();
  }
}
