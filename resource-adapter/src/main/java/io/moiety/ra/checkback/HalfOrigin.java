package io.moiety.ra.checkback;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a half message says of the transaction that decides about it, in its property {@code
 * __MOIETY_CHECK_BACK}.
 *
 * @param transactionId a UUID
 * @param instance the run of the adapter that the transaction belongs to
 * @param fenceAfterSeconds how long after the send nobody else may end the transaction
 * @param tableId names the outcome table that decides
 */
record HalfOrigin(String transactionId, String instance, int fenceAfterSeconds, String tableId) {

  private static final String SEPARATOR = ",";

  String format() {
    return String.join(
        SEPARATOR, transactionId, instance, Integer.toString(fenceAfterSeconds), tableId);
  }

  /** Empty for what is not of this form: a half message of somebody else. */
  static Optional<HalfOrigin> parse(@Nullable String text) {
    List<String> parts = text == null ? List.of() : List.of(text.split(SEPARATOR, -1));
    if (parts.size() != 4) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new HalfOrigin(parts.get(0), parts.get(1), Integer.parseInt(parts.get(2)), parts.get(3)));
    } catch (NumberFormatException foreign) {
      return Optional.empty();
    }
  }
}
