package io.moiety.broker.server;

import io.moiety.protocol.Fields;
import java.util.List;

/** The part of a long table that a tool asks for; RocketMQ's tools before 5.3 ask for all of it. */
final class TablePage {

  private TablePage() {}

  /**
   * Rows of a table in an order that stays.
   *
   * @param first name of the field with the number of the first row
   * @param most name of the field with the number of rows
   */
  static <T> List<T> of(Fields fields, String first, String most, List<T> all) {
    int from = Math.max(0, Math.min(fields.intOr(first, 0), all.size()));
    int count = Math.max(0, fields.intOr(most, all.size()));
    return all.subList(from, (int) Math.min(all.size(), (long) from + count));
  }
}
