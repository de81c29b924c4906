package io.moiety.protocol.body;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;

/**
 * Writes a map by queue in the form of RocketMQ's JSON library, whose reader takes no other: the
 * key is an object itself, <code>{{"brokerName":"b","queueId":0,"topic":"t"}:…}</code>.
 */
final class QueueKeyed extends JsonSerializer<Map<MessageQueueBody, ?>> {

  @Override
  public void serialize(
      Map<MessageQueueBody, ?> map, JsonGenerator out, SerializerProvider provider)
      throws IOException {
    ObjectCodec codec = out.getCodec();
    StringBuilder text = new StringBuilder("{");
    for (Map.Entry<MessageQueueBody, ?> entry : map.entrySet()) {
      text.append(text.length() == 1 ? "" : ",");
      text.append(json(codec, entry.getKey())).append(':').append(json(codec, entry.getValue()));
    }
    out.writeRawValue(text.append('}').toString());
  }

  private static String json(ObjectCodec codec, Object value) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator nested = codec.getFactory().createGenerator(text)) {
      codec.writeValue(nested, value);
    }
    return text.toString();
  }
}
