package io.moiety.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The JSON form of a header: {@code {"code":310,"extFields":{…},"flag":0,"opaque":17,…}}. */
final class JsonHeader {

  private static final int MAX_NESTING = 16;
  private static final int POOLED_BUFFERS = 32;

  /**
   * Without Jackson's thread-local buffers, which would stay in a container's threads after an
   * undeployment, and without interning: the names come from outside.
   */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
          .recyclerPool(JsonRecyclerPools.newBoundedPool(POOLED_BUFFERS))
          .build();

  /** What has been read of a header so far. */
  private int code;

  private boolean codeSeen;
  private int opaque;
  private int flag;
  private Language language = Language.OTHER;
  private int version;
  private @Nullable String remark;
  private Fields fields = Fields.empty();

  private JsonHeader() {}

  static Command decode(byte[] header, int from, int headerBytes, ByteBuffer body) {
    JsonHeader read = new JsonHeader();
    try (JsonParser parser = FACTORY.createParser(header, from, headerBytes)) {
      read.readFrom(parser);
    } catch (JsonProcessingException notJson) {
      throw new MalformedFrameException(
          "the JSON header cannot be read: " + notJson.getOriginalMessage(), notJson);
    } catch (IOException notJson) {
      throw new MalformedFrameException(
          "the JSON header cannot be read: " + notJson.getMessage(), notJson);
    }
    if (!read.codeSeen) {
      throw new MalformedFrameException("the JSON header has no code");
    }
    return new Command(
        read.code,
        read.opaque,
        read.flag,
        read.language,
        read.version,
        HeaderFormat.JSON,
        read.remark,
        read.fields,
        body);
  }

  private void readFrom(JsonParser parser) throws IOException {
    require(parser, parser.nextToken(), JsonToken.START_OBJECT, "the header");
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      JsonToken value = parser.nextToken();
      switch (name) {
        case "code" -> {
          code = number(parser, value, name);
          codeSeen = true;
        }
        case "opaque" -> opaque = number(parser, value, name);
        case "flag" -> flag = number(parser, value, name);
        case "version" -> version = number(parser, value, name);
        case "language" -> language = language(parser, value);
        case "remark" -> {
          if (value != JsonToken.VALUE_NULL) {
            require(parser, value, JsonToken.VALUE_STRING, name);
            remark = parser.getText();
          }
        }
        case "extFields" -> {
          if (value != JsonToken.VALUE_NULL) {
            require(parser, value, JsonToken.START_OBJECT, name);
            fields = readFields(parser);
          }
        }
        default -> parser.skipChildren();
      }
    }
    require(parser, parser.currentToken(), JsonToken.END_OBJECT, "the end of the header");
  }

  private static Fields readFields(JsonParser parser) throws IOException {
    Fields.Builder builder = Fields.builder();
    int count = 0;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      if (++count > Fields.MAX_FIELDS) {
        throw new MalformedFrameException("more than " + Fields.MAX_FIELDS + " header fields");
      }
      JsonToken value = parser.nextToken();
      if (value == JsonToken.VALUE_NULL) {
        continue;
      }
      if (value == null || !value.isScalarValue()) {
        throw new MalformedFrameException("header field '" + name + "' is not a text");
      }
      builder.put(name, parser.getText());
    }
    require(parser, parser.currentToken(), JsonToken.END_OBJECT, "the end of extFields");
    return builder.build();
  }

  /** Of no weight for anything but a tool's list, so whatever stands there is taken. */
  private static Language language(JsonParser parser, @Nullable JsonToken value)
      throws IOException {
    if (value == JsonToken.VALUE_STRING) {
      return Language.ofName(parser.getText());
    }
    parser.skipChildren();
    return Language.OTHER;
  }

  private static int number(JsonParser parser, @Nullable JsonToken value, String name)
      throws IOException {
    require(parser, value, JsonToken.VALUE_NUMBER_INT, name);
    return parser.getIntValue();
  }

  private static void require(
      JsonParser parser, @Nullable JsonToken found, JsonToken wanted, String what) {
    if (found != wanted) {
      throw new MalformedFrameException(
          "the JSON header has "
              + found
              + " for "
              + what
              + " at byte "
              + parser.currentLocation().getByteOffset()
              + "; it must be "
              + wanted);
    }
  }

  static ByteBuffer encode(Command command) {
    Head head = new Head();
    try (JsonGenerator json = FACTORY.createGenerator(head)) {
      json.writeStartObject();
      json.writeNumberField("code", command.code());
      Fields fields = command.fields();
      if (fields.count() > 0) {
        json.writeObjectFieldStart("extFields");
        for (int i = 0; i < fields.count(); i++) {
          json.writeStringField(fields.nameAt(i), fields.valueAt(i));
        }
        json.writeEndObject();
      }
      json.writeNumberField("flag", command.flag());
      json.writeStringField("language", command.language().name());
      json.writeNumberField("opaque", command.opaque());
      if (command.remark() != null) {
        json.writeStringField("remark", command.remark());
      }
      json.writeStringField("serializeTypeCurrentRPC", "JSON");
      json.writeNumberField("version", command.version());
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing a header to memory failed", impossible);
    }
    return head.toBuffer();
  }

  /** A growing array that leaves room for what stands before the header. */
  private static final class Head extends ByteArrayOutputStream {

    Head() {
      super(512);
      count = FrameCodec.PREFIX_BYTES;
    }

    ByteBuffer toBuffer() {
      return ByteBuffer.wrap(buf, 0, count);
    }
  }
}
