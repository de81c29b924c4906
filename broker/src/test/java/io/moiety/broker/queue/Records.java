package io.moiety.broker.queue;

import io.moiety.broker.store.LoggedRecord;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import java.nio.ByteBuffer;
import java.util.Map;

/** Records of a log that grows as a test asks for more. */
final class Records {
  static final int SIZE_BYTES = 100;

  private long endPosition;

  long endPosition() {
    return endPosition;
  }

  LoggedRecord message(String topic, int queueId, long queueOffset) {
    return next(topic, queueId, queueOffset, MessageProperties.empty());
  }

  LoggedRecord carried(String topic, int queueId, long queueOffset) {
    return next(
        topic, queueId, queueOffset, MessageProperties.of(Map.of(PropertyNames.CARRIED, "1:2")));
  }

  private LoggedRecord next(
      String topic, int queueId, long queueOffset, MessageProperties properties) {
    LoggedRecord record =
        new LoggedRecord(
            topic,
            queueId,
            queueOffset,
            endPosition,
            SIZE_BYTES,
            0,
            0,
            0,
            0,
            properties,
            ByteBuffer.allocate(0));
    endPosition += SIZE_BYTES;
    return record;
  }
}
