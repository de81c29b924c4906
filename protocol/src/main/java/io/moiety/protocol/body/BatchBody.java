package io.moiety.protocol.body;

import io.moiety.protocol.MalformedBodyException;
import io.moiety.protocol.MessageProperties;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The body of SEND_BATCH_MESSAGE: messages one after the other, all numbers big-endian.
 *
 * <pre>
 *   4 size   4 magic (0)   4 body CRC (0)   4 flag   4+n body length, body   2+n properties
 * </pre>
 */
public final class BatchBody {

  public static final int MAX_MEMBERS = 65_536;

  private static final int FLAG_AT = 12;
  private static final int BODY_LENGTH_AT = 16;
  private static final int BODY_AT = 20;
  private static final int MEMBER_MIN_BYTES = BODY_AT + Short.BYTES;

  private BatchBody() {}

  /**
   * Takes the batch apart; the members' bodies are views of its bytes. Its position is left as it
   * is.
   *
   * @throws MalformedBodyException when a length leads out of the batch
   */
  public static List<Member> decode(ByteBuffer batch) {
    List<Member> members = new ArrayList<>();
    ByteBuffer bytes = batch.slice();
    int at = 0;
    while (at < bytes.limit()) {
      if (members.size() == MAX_MEMBERS) {
        throw new MalformedBodyException("a batch of more than " + MAX_MEMBERS + " messages");
      }
      int left = bytes.limit() - at;
      int size = left < MEMBER_MIN_BYTES ? left : bytes.getInt(at);
      if (size < MEMBER_MIN_BYTES || size > left) {
        throw malformed(members.size(), "has " + size + " bytes; " + left + " are left");
      }
      members.add(member(bytes.slice(at, size), members.size()));
      at += size;
    }
    return List.copyOf(members);
  }

  private static Member member(ByteBuffer bytes, int index) {
    int size = bytes.limit();
    int bodyBytes = bytes.getInt(BODY_LENGTH_AT);
    if (bodyBytes < 0 || bodyBytes > size - MEMBER_MIN_BYTES) {
      throw malformed(index, "has " + size + " bytes and a body of " + bodyBytes);
    }
    int propertiesAt = BODY_AT + bodyBytes + Short.BYTES;
    int propertiesBytes = bytes.getShort(propertiesAt - Short.BYTES) & 0xFFFF;
    if (propertiesAt + propertiesBytes != size) {
      throw malformed(index, "has " + size + " bytes and properties of " + propertiesBytes);
    }
    return new Member(
        bytes.getInt(FLAG_AT),
        bytes.slice(BODY_AT, bodyBytes),
        MessageProperties.parse(bytes.slice(propertiesAt, propertiesBytes)));
  }

  private static MalformedBodyException malformed(int index, String what) {
    return new MalformedBodyException("message " + index + " of the batch " + what);
  }

  /** One message of a batch; what it does not have is the request's. */
  public record Member(int flag, ByteBuffer body, MessageProperties properties) {

    /** A view of the body with a position and limit of its own; the bytes are shared. */
    @Override
    public ByteBuffer body() {
      return body.duplicate();
    }
  }
}
