package io.moiety.protocol.body;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.moiety.protocol.MalformedBodyException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads and writes the JSON bodies of this package. Members that are not known are ignored, those
 * that are null are not written, the order is alphabetical as RocketMQ's is. Usable from any
 * thread.
 */
public final class JsonBodies {

  /** Of a request: what its JSON says takes several times as much of the heap. */
  public static final int MAX_REQUEST_BYTES = 1024 * 1024;

  private static final int POOLED_BUFFERS = 32;

  /** RocketMQ's JSON library leaves whole-number keys unquoted: {@code {0:"10.0.0.1:10911"}}. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
                  .recyclerPool(JsonRecyclerPools.newBoundedPool(POOLED_BUFFERS))
                  .build())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .build();

  private JsonBodies() {}

  /**
   * As {@link #read}, for bodies that a client sends; before anything of it is looked at, its size
   * is.
   *
   * @throws MalformedBodyException also when it has more than {@link #MAX_REQUEST_BYTES}
   */
  public static <T> T readRequest(ByteBuffer body, Class<T> type) {
    if (body.remaining() > MAX_REQUEST_BYTES) {
      throw new MalformedBodyException(
          "a body of "
              + body.remaining()
              + " bytes is refused; "
              + MAX_REQUEST_BYTES
              + " are allowed");
    }
    return read(body, type);
  }

  /**
   * Reads what remains of {@code body}, whose position is left as it is.
   *
   * @throws MalformedBodyException when it is not the JSON of a {@code type}
   */
  public static <T> T read(ByteBuffer body, Class<T> type) {
    byte[] bytes = new byte[body.remaining()];
    body.get(body.position(), bytes);
    try {
      T value = MAPPER.readValue(bytes, type);
      if (value != null) {
        return value;
      }
    } catch (IOException malformed) {
      throw new MalformedBodyException(
          "the body is not a " + type.getSimpleName() + ": " + reason(malformed), malformed);
    }
    throw new MalformedBodyException("the body is not a " + type.getSimpleName() + ": it is null");
  }

  public static ByteBuffer write(Record body) {
    try {
      return ByteBuffer.wrap(MAPPER.writeValueAsBytes(body));
    } catch (JsonProcessingException notJson) {
      throw new IllegalArgumentException(
          "a " + body.getClass().getSimpleName() + " cannot be written as JSON", notJson);
    }
  }

  private static String reason(IOException malformed) {
    return malformed instanceof JsonProcessingException json
        ? json.getOriginalMessage()
        : String.valueOf(malformed.getMessage());
  }
}
