package io.moiety.broker.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moiety.protocol.RecordView;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.util.HexFormat;

/** The beginning of a body as a person can read it: as text if it is some, else in hexadecimal. */
final class BodyText {
  static final int MAX_BYTES = 256;

  private BodyText() {}

  static String of(RecordView record) {
    ByteBuffer body = record.body();
    byte[] shown = new byte[Math.min(MAX_BYTES, body.remaining())];
    body.duplicate().get(shown);
    String rest = body.remaining() > shown.length ? "..." : "";
    return (isText(body.remaining(), shown)
            ? '"' + new String(shown, UTF_8) + '"'
            : "0x" + HexFormat.of().withUpperCase().formatHex(shown))
        + rest;
  }

  /** A character that the limit cut in two is no reason to show hexadecimal. */
  private static boolean isText(int bodyBytes, byte[] shown) {
    CharBuffer text = CharBuffer.allocate(shown.length);
    boolean whole = bodyBytes == shown.length;
    CoderResult read = UTF_8.newDecoder().decode(ByteBuffer.wrap(shown), text, whole);
    return !read.isError()
        && text.flip().chars().noneMatch(character -> character < ' ' && character != '\t');
  }
}
