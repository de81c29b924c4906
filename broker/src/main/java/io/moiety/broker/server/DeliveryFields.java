package io.moiety.broker.server;

import io.moiety.broker.delivery.AckSpan;
import io.moiety.broker.delivery.Delivered;
import io.moiety.broker.delivery.QueueOffset;
import io.moiety.protocol.BadFieldException;
import io.moiety.protocol.RecordView;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The compact texts in which delivery commands list messages, and the body that holds them. */
final class DeliveryFields {
  private static final String OFFSETS_ALLOWED = "queueId:queueOffset, joined by commas";
  private static final String SPANS_ALLOWED =
      "consumer:queueId:first-last, joined by semicolons (-last may be left out)";

  /** More than a session may have; a longer list can only be refused. */
  private static final int MAX_LISTED = 100_000;

  private DeliveryFields() {}

  /** Reads {@code queueId:queueOffset,…}. */
  static List<QueueOffset> offsets(String text) {
    List<QueueOffset> offsets = new ArrayList<>();
    for (String part : parts(text, ",", OFFSETS_ALLOWED)) {
      String[] numbers = part.split(":", -1);
      if (numbers.length != 2) {
        throw new BadFieldException("offsets", part, OFFSETS_ALLOWED);
      }
      offsets.add(
          new QueueOffset(
              (int) number(numbers[0], Integer.MAX_VALUE, part, OFFSETS_ALLOWED),
              number(numbers[1], Long.MAX_VALUE, part, OFFSETS_ALLOWED)));
    }
    return offsets;
  }

  /** Reads {@code consumer:queueId:first-last;…}. */
  static List<AckSpan> spans(ByteBuffer body) {
    String text = StandardCharsets.US_ASCII.decode(body.duplicate()).toString();
    List<AckSpan> spans = new ArrayList<>();
    for (String part : parts(text, ";", SPANS_ALLOWED)) {
      spans.add(span(part));
    }
    return spans;
  }

  /** Writes {@code queueId:queueOffset:count,…} in the order of the messages. */
  static String deliveries(List<Delivered> messages) {
    return messages.stream()
        .map(
            message ->
                message.queueId() + ":" + message.queueOffset() + ":" + message.deliveryCount())
        .collect(Collectors.joining(","));
  }

  /** The stored records, one after the other. */
  static ByteBuffer body(List<RecordView> records) {
    int sizeBytes = records.stream().mapToInt(RecordView::sizeBytes).sum();
    ByteBuffer body = ByteBuffer.allocate(sizeBytes);
    records.forEach(message -> body.put(message.bytes()));
    return body.flip();
  }

  private static AckSpan span(String part) {
    String[] numbers = part.split(":", -1);
    if (numbers.length != 3) {
      throw new BadFieldException("body", part, SPANS_ALLOWED);
    }
    String[] ends = numbers[2].split("-", -1);
    if (ends.length > 2) {
      throw new BadFieldException("body", part, SPANS_ALLOWED);
    }
    return new AckSpan(
        (int) number(numbers[0], Integer.MAX_VALUE, part, SPANS_ALLOWED),
        (int) number(numbers[1], Integer.MAX_VALUE, part, SPANS_ALLOWED),
        number(ends[0], Long.MAX_VALUE, part, SPANS_ALLOWED),
        number(ends[ends.length - 1], Long.MAX_VALUE, part, SPANS_ALLOWED));
  }

  private static String[] parts(String text, String separator, String allowed) {
    String[] parts = text.split(separator, MAX_LISTED + 1);
    if (parts.length > MAX_LISTED) {
      throw new BadFieldException("list", text, allowed + ", and at most " + MAX_LISTED);
    }
    return parts;
  }

  private static long number(String text, long max, String part, String allowed) {
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= max) {
        return number;
      }
      throw new BadFieldException("list", part, allowed);
    } catch (NumberFormatException notANumber) {
      throw new BadFieldException("list", part, allowed);
    }
  }
}
