package io.moiety.broker.server;

import io.moiety.broker.delivery.Delivered;
import io.moiety.broker.delivery.PopHandle;
import io.moiety.broker.delivery.PopRequest;
import io.moiety.protocol.BadFieldException;
import io.moiety.protocol.Fields;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * RocketMQ's texts about popped messages.
 *
 * <pre>
 *   startOffsetInfo  retryFlag queueId startOffset;…
 *   msgOffsetInfo    retryFlag queueId offset,offset,…;…
 *   orderCountInfo   retryFlag qo{queueId}%{offset} deliveries;…
 *   extraInfo        startOffset popTime invisibleTime reviveQid retryFlag brokerName queueId offset
 * </pre>
 *
 * A message that comes again comes from its own topic here, so the retry flag is always 0.
 */
final class PopFields {
  private static final String NOT_RETRIED = "0";

  /** RocketMQ's mark of handles that were popped in order. */
  private static final int REVIVE_QUEUE_IN_ORDER = 999;

  private static final String EXTRA_INFO_ALLOWED =
      "'startOffset popTime invisibleTime reviveQid retryFlag brokerName queueId offset'";
  private static final int EXTRA_INFO_PARTS = 7;
  private static final int POP_TIME_PART = 1;

  private PopFields() {}

  /** The fields of an answer with messages. */
  static Fields answer(
      PopRequest request, List<Delivered> messages, long popTimeMillis, long rest) {
    Map<Integer, List<Long>> offsets = new TreeMap<>();
    for (Delivered message : messages) {
      offsets
          .computeIfAbsent(message.queueId(), queueId -> new ArrayList<>())
          .add(message.queueOffset());
    }
    Fields.Builder fields =
        base(request, popTimeMillis)
            .put("restNum", Math.max(0, rest - messages.size()))
            .put("startOffsetInfo", startOffsets(offsets))
            .put("msgOffsetInfo", messageOffsets(offsets));
    String counts = request.inOrder() ? orderCounts(messages) : "";
    if (!counts.isEmpty()) {
      fields.put("orderCountInfo", counts);
    }
    return fields.build();
  }

  /** The fields of an answer without messages; clients demand the numbers there, too. */
  static Fields nothing(PopRequest request) {
    return base(request, 0)
        .put("restNum", 0)
        .put("startOffsetInfo", "")
        .put("msgOffsetInfo", "")
        .build();
  }

  private static Fields.Builder base(PopRequest request, long popTimeMillis) {
    return Fields.builder()
        .put("popTime", popTimeMillis)
        .put("invisibleTime", request.invisibleMillis())
        .put("reviveQid", request.inOrder() ? REVIVE_QUEUE_IN_ORDER : 0);
  }

  /** Of each message that comes again, how often it was delivered before. */
  private static String orderCounts(List<Delivered> messages) {
    return messages.stream()
        .filter(message -> earlier(message) > 0)
        .map(
            message ->
                "%s qo%d%%%d %d"
                    .formatted(
                        NOT_RETRIED, message.queueId(), message.queueOffset(), earlier(message)))
        .collect(Collectors.joining(";"));
  }

  private static int earlier(Delivered message) {
    return message.record().reconsumeTimes() + message.deliveryCount() - 1;
  }

  /** The records; a client finds in each how often it was delivered before. */
  static ByteBuffer body(List<Delivered> messages) {
    int sizeBytes = messages.stream().mapToInt(message -> message.record().sizeBytes()).sum();
    ByteBuffer body = ByteBuffer.allocate(sizeBytes);
    for (Delivered message : messages) {
      body.put(message.record().bytesWithReconsumeTimes(earlier(message)));
    }
    return body.flip();
  }

  /** The handle that a request shows. */
  static PopHandle handle(Fields fields) {
    return new PopHandle(
        fields.requiredText("consumerGroup"),
        fields.requiredText("topic"),
        fields.requiredInt("queueId"),
        fields.requiredLong("offset"),
        popTimeMillis(fields.requiredText("extraInfo")));
  }

  private static long popTimeMillis(String extraInfo) {
    String[] parts = extraInfo.split(" ", -1);
    if (parts.length < EXTRA_INFO_PARTS) {
      throw new BadFieldException("extraInfo", extraInfo, EXTRA_INFO_ALLOWED);
    }
    try {
      return Long.parseLong(parts[POP_TIME_PART]);
    } catch (NumberFormatException notANumber) {
      throw new BadFieldException("extraInfo", extraInfo, EXTRA_INFO_ALLOWED);
    }
  }

  private static String startOffsets(Map<Integer, List<Long>> offsets) {
    return offsets.entrySet().stream()
        .map(entry -> NOT_RETRIED + " " + entry.getKey() + " " + entry.getValue().get(0))
        .collect(Collectors.joining(";"));
  }

  private static String messageOffsets(Map<Integer, List<Long>> offsets) {
    return offsets.entrySet().stream()
        .map(
            entry ->
                NOT_RETRIED
                    + " "
                    + entry.getKey()
                    + " "
                    + entry.getValue().stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(",")))
        .collect(Collectors.joining(";"));
  }
}
