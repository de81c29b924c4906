package io.moiety.ra.checkback;

import io.moiety.client.HalfMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The half messages of a transaction as its row carries them, so that any node can see to it that
 * all are resolved before the row goes. Text of lines, ASCII:
 *
 * <pre>{@code
 * #more                              how many further rows go on with the list; first row only
 * @storeUuid producerGroup           the broker of what follows
 * topic uniqueKey halfOffset position
 * = uniqueKey halfOffset position    to the same topic
 * }</pre>
 *
 * Each row begins with its own {@code @} line and names its first topic. Stateless.
 */
final class HalfList {

  /** What the column holds at most, less the line with the number of rows. */
  private static final int MAX_ROW_CHARS = 3_400;

  private static final String SAME_TOPIC = "=";

  private HalfList() {}

  /** Id of a further row. */
  static String rowId(String transactionId, int number) {
    return transactionId + "/" + number;
  }

  /** The details of as many rows as it takes, at least one. */
  static List<String> format(List<StoredHalf> halves) {
    List<String> rows = new ArrayList<>();
    StringBuilder row = new StringBuilder();
    Optional<StoredHalf> before = Optional.empty();
    for (StoredHalf half : halves) {
      String line = line(half, before);
      if (row.length() + line.length() > MAX_ROW_CHARS) {
        rows.add(row.toString());
        row.setLength(0);
        line = line(half, Optional.empty());
      }
      row.append(line);
      before = Optional.of(half);
    }
    rows.add(row.toString());
    rows.set(0, "#" + (rows.size() - 1) + "\n" + rows.get(0));
    return rows;
  }

  private static String line(StoredHalf half, Optional<StoredHalf> before) {
    HalfMessage message = half.half();
    boolean sameBroker =
        before
            .filter(
                last ->
                    last.storeUuid().equals(half.storeUuid())
                        && last.half().producerGroup().equals(message.producerGroup()))
            .isPresent();
    boolean sameTopic = sameBroker && before.orElseThrow().half().topic().equals(message.topic());
    return (sameBroker ? "" : "@" + half.storeUuid() + " " + message.producerGroup() + "\n")
        + (sameTopic ? SAME_TOPIC : message.topic())
        + " "
        + message.uniqueKey()
        + " "
        + message.halfOffset()
        + " "
        + message.position()
        + "\n";
  }

  /** How many further rows go on with a list that begins with this detail. */
  static int moreRows(String firstDetail) {
    int end = firstDetail.indexOf('\n');
    if (!firstDetail.startsWith("#") || end < 0) {
      throw new IllegalArgumentException("No list of half messages begins with: " + firstDetail);
    }
    return Integer.parseInt(firstDetail.substring(1, end));
  }

  /**
   * The half messages of a row.
   *
   * @throws IllegalArgumentException when it is no such list
   */
  static List<StoredHalf> parse(String detail) {
    List<StoredHalf> halves = new ArrayList<>();
    String storeUuid = "";
    String group = "";
    String topic = "";
    for (String line : detail.split("\n", -1)) {
      String[] words = line.split(" ", -1);
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("@") && words.length == 2) {
        storeUuid = words[0].substring(1);
        group = words[1];
      } else if (words.length == 4) {
        topic = words[0].equals(SAME_TOPIC) ? topic : words[0];
        halves.add(
            new StoredHalf(
                storeUuid,
                new HalfMessage(
                    group, topic, words[1], Long.parseLong(words[2]), Long.parseLong(words[3]))));
      } else {
        throw new IllegalArgumentException("A list of half messages has no line: " + line);
      }
    }
    return halves;
  }
}
