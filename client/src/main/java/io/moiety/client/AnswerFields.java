package io.moiety.client;

import io.moiety.protocol.BadFieldException;
import io.moiety.protocol.Fields;
import java.util.Arrays;

/** Reads fields of the broker's answers that stand for values of the client. */
final class AnswerFields {

  private AnswerFields() {}

  /** The constant that the field names. */
  static <E extends Enum<E>> E constant(Class<E> type, Fields fields, String name) {
    String value = fields.requiredText(name);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(value)) {
        return constant;
      }
    }
    throw new BadFieldException(name, value, "one of " + Arrays.toString(type.getEnumConstants()));
  }
}
