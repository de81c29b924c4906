package io.moiety.protocol;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One frame, decoded or to be encoded: a request or a response. Immutable as long as nobody writes
 * to the bytes under {@link #body()}, which are shared, not copied.
 *
 * @param code a {@link RequestCode}, or in a response a {@link ResponseCode}
 * @param opaque chosen by the requester, repeated by the response; unique for a connection and
 *     direction only
 * @param flag bit 0 response, bit 1 one-way
 * @param language what the sender is written in
 * @param version ordinal of the sender's RocketMQ release
 * @param remark why a request failed
 */
public record Command(
    int code,
    int opaque,
    int flag,
    Language language,
    int version,
    HeaderFormat format,
    @Nullable String remark,
    Fields fields,
    ByteBuffer body) {

  /** What Moiety says it is: RocketMQ 5.5.0. Clients switch features by it. */
  public static final int PROTOCOL_VERSION = 513;

  private static final int FLAG_RESPONSE = 1;
  private static final int FLAG_ONEWAY = 2;
  private static final ByteBuffer NO_BODY = ByteBuffer.allocate(0).asReadOnlyBuffer();

  /** A JSON request with opaque 0; whoever sends it sets it with {@link #withOpaque}. */
  public static Command request(int code, Fields fields, ByteBuffer body) {
    return new Command(
        code, 0, 0, Language.JAVA, PROTOCOL_VERSION, HeaderFormat.JSON, null, fields, body);
  }

  public static Command request(int code, Fields fields) {
    return request(code, fields, NO_BODY);
  }

  /** The answer to {@code request}: the same opaque and header format. */
  public static Command response(
      Command request, int code, @Nullable String remark, Fields fields, ByteBuffer body) {
    return new Command(
        code,
        request.opaque,
        FLAG_RESPONSE,
        Language.JAVA,
        PROTOCOL_VERSION,
        request.format,
        remark,
        fields,
        body);
  }

  public static Command response(
      Command request, int code, @Nullable String remark, Fields fields) {
    return response(request, code, remark, fields, NO_BODY);
  }

  public boolean isResponse() {
    return (flag & FLAG_RESPONSE) != 0;
  }

  public boolean isOneway() {
    return (flag & FLAG_ONEWAY) != 0;
  }

  public Command withOpaque(int newOpaque) {
    return new Command(code, newOpaque, flag, language, version, format, remark, fields, body);
  }

  public Command asOneway() {
    return new Command(
        code, opaque, flag | FLAG_ONEWAY, language, version, format, remark, fields, body);
  }

  public Command withFields(Fields newFields) {
    return new Command(code, opaque, flag, language, version, format, remark, newFields, body);
  }

  public Command withFormat(HeaderFormat newFormat) {
    return new Command(code, opaque, flag, language, version, newFormat, remark, fields, body);
  }

  /** A view of the body with a position and limit of its own; the bytes are shared. */
  @Override
  public ByteBuffer body() {
    return body.duplicate();
  }

  /** An empty, immutable buffer: the body of commands that have none. */
  public static ByteBuffer noBody() {
    return NO_BODY.duplicate();
  }
}
