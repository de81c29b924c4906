package io.moiety.broker.cli;

import io.moiety.protocol.body.TransactionBody;

/** A transaction as a person or a program reads it. */
interface TransactionText {

  /** In one line, for lists. */
  String line(TransactionBody transaction);

  /** With all that is known of it. */
  String whole(TransactionBody transaction);
}
