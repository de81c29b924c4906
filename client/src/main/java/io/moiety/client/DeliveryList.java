package io.moiety.client;

import io.moiety.protocol.BadFieldException;
import io.moiety.protocol.Command;
import io.moiety.protocol.RecordView;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what a receive brought: records in the body, and for each of them {@code
 * queueId:queueOffset:count}.
 */
final class DeliveryList {

  private static final String FIELD = "deliveries";
  private static final String ALLOWED =
      "queueId:queueOffset:count for each record, with commas between";

  private DeliveryList() {}

  static List<Delivery> read(int consumer, Command answer) {
    List<RecordView> records = RecordView.list(answer.body());
    String text = answer.fields().requiredText(FIELD);
    String[] parts = text.split(",", -1);
    if (parts.length != records.size()) {
      throw new BadFieldException(
          FIELD, text, ALLOWED + "; there are " + records.size() + " records");
    }
    List<Delivery> deliveries = new ArrayList<>(parts.length);
    for (int i = 0; i < parts.length; i++) {
      deliveries.add(delivery(consumer, parts[i], records.get(i)));
    }
    return List.copyOf(deliveries);
  }

  private static Delivery delivery(int consumer, String part, RecordView record) {
    String[] numbers = part.split(":", -1);
    if (numbers.length != 3) {
      throw new BadFieldException(FIELD, part, ALLOWED);
    }
    try {
      return new Delivery(
          consumer,
          Integer.parseInt(numbers[0]),
          Long.parseLong(numbers[1]),
          Integer.parseInt(numbers[2]),
          record);
    } catch (NumberFormatException notANumber) {
      throw new BadFieldException(FIELD, part, ALLOWED);
    }
  }
}
