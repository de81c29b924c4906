package io.moiety.client;

import io.moiety.protocol.Command;
import io.moiety.protocol.ResponseCode;
import org.jspecify.annotations.Nullable;

/**
 * Makes a result of the broker's answer. Refusals are thrown as {@link ClientException}; any other
 * exception means that the answer is malformed, which ends the connection.
 */
@FunctionalInterface
interface AnswerReader<T> {

  /** For requests whose answer says no more than that it is done. */
  AnswerReader<Void> DONE =
      answer -> {
        requireSuccess(answer);
        return null;
      };

  @Nullable T read(Command answer);

  /** A reader that looks at the fields and body of a positive answer only. */
  static <T> AnswerReader<T> ofSuccess(AnswerReader<T> reader) {
    return answer -> {
      requireSuccess(answer);
      return reader.read(answer);
    };
  }

  static void requireSuccess(Command answer) {
    if (answer.code() != ResponseCode.SUCCESS) {
      throw refusal(answer);
    }
  }

  static ClientException refusal(Command answer) {
    String remark = answer.remark() == null ? "" : answer.remark();
    if (answer.code() == ResponseCode.TRANSACTION_FAILED
        && answer.fields().text("xaError").isPresent()) {
      return new XaFailure(answer.fields().requiredInt("xaError"), remark);
    }
    return new BrokerException(answer.code(), remark);
  }
}
