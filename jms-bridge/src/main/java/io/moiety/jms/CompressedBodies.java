package io.moiety.jms;

import io.moiety.protocol.SysFlag;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Bodies that RocketMQ's producers compressed; their consumers, not the broker, open them. Of
 * RocketMQ's three methods zlib is read, which is its default; a body of another, or one that is
 * damaged, is given as it is stored. Stateless.
 */
final class CompressedBodies {

  private static final System.Logger LOGGER = System.getLogger(CompressedBodies.class.getName());
  private static final int METHOD_MASK = 0x700;
  private static final int METHOD_ZLIB = 0x300;

  /** Four times what a broker stores by default, compressed. */
  private static final int MAX_INFLATED_BYTES = 16 * 1024 * 1024;

  private CompressedBodies() {}

  static ByteBuffer inflate(ByteBuffer body, int sysFlag) {
    int method = sysFlag & METHOD_MASK;
    if ((sysFlag & SysFlag.COMPRESSED) == 0 || (method != 0 && method != METHOD_ZLIB)) {
      return body;
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(body.duplicate());
      ByteArrayOutputStream inflated = new ByteArrayOutputStream(body.remaining() * 2);
      byte[] chunk = new byte[8_192];
      while (!inflater.finished() && inflated.size() <= MAX_INFLATED_BYTES) {
        int count = inflater.inflate(chunk);
        if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          return asStored(body, "it is cut short");
        }
        inflated.write(chunk, 0, count);
      }
      return inflater.finished()
          ? ByteBuffer.wrap(inflated.toByteArray())
          : asStored(body, "it inflates to more than " + MAX_INFLATED_BYTES + " bytes");
    } catch (DataFormatException damaged) {
      return asStored(body, damaged.toString());
    } finally {
      inflater.end();
    }
  }

  private static ByteBuffer asStored(ByteBuffer body, String reason) {
    LOGGER.log(
        System.Logger.Level.WARNING,
        "A compressed body of {0} bytes is given as it is stored: {1}",
        body.remaining(),
        reason);
    return body;
  }
}
