package io.moiety.broker.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.moiety.broker.log.LogDamage;
import io.moiety.broker.store.StateRecords;
import io.moiety.protocol.RecordView;
import java.util.LinkedHashMap;
import java.util.Map;

/** A record as a JSON object, for programs. Times are milliseconds since 1970. */
final class JsonRecordText implements RecordText {
  private final ObjectMapper mapper = new ObjectMapper();
  private final boolean withBody;

  JsonRecordText(boolean withBody) {
    this.withBody = withBody;
  }

  @Override
  public String of(RecordView record) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("position", record.position());
    object.put("sizeBytes", record.sizeBytes());
    object.put("topic", record.topic());
    object.put("queueId", record.queueId());
    object.put("queueOffset", record.queueOffset());
    object.put("storeTimestampMillis", record.storeTimestampMillis());
    object.put("bornTimestampMillis", record.bornTimestampMillis());
    object.put("sysFlag", record.sysFlag());
    object.put("reconsumeTimes", record.reconsumeTimes());
    object.put("preparedTransactionOffset", record.preparedTransactionOffset());
    object.put("properties", record.properties().asMap());
    object.put("bodyBytes", record.body().remaining());
    StateRecords.describe(record).ifPresent(fact -> object.put("fact", fact));
    if (withBody) {
      object.put("body", BodyText.of(record));
    }
    return write(object);
  }

  @Override
  public String of(LogDamage damage) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("damage", damage.what());
    object.put("segment", damage.segment());
    object.put("position", damage.position());
    object.put("endPosition", damage.endPosition());
    return write(object);
  }

  private String write(Map<String, Object> object) {
    try {
      return mapper.writeValueAsString(object);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("text and numbers are always JSON", impossible);
    }
  }
}
