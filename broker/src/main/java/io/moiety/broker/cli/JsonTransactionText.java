package io.moiety.broker.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.moiety.protocol.body.JsonBodies;
import io.moiety.protocol.body.TransactionBody;

/** A transaction as a JSON object, for programs. Times are milliseconds since 1970. */
final class JsonTransactionText implements TransactionText {

  @Override
  public String line(TransactionBody transaction) {
    return UTF_8.decode(JsonBodies.write(transaction)).toString();
  }

  @Override
  public String whole(TransactionBody transaction) {
    return line(transaction);
  }
}
