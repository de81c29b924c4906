package io.moiety.ra.checkback;

import java.sql.SQLException;

/**
 * Which messages a consumer group's beans have processed, by rows that the beans' own transactions
 * insert: a message that comes again, since its acknowledgement was lost, is recognised. Blocks; on
 * threads of the server.
 */
public interface ReceivedMessages {

  /** How the transaction of one delivery ended, as far as the server says. */
  interface Processing {

    /** False also when the answer to the commit was lost: then only the table knows. */
    boolean isCommitted();
  }

  /**
   * Whether a message was processed. Outside of transactions.
   *
   * @param messageId the same for each delivery of the message
   * @throws SQLException when the database does not say
   */
  boolean wasProcessed(String group, String messageId) throws SQLException;

  /**
   * Records a message as processed, in the transaction that the calling thread is in, before the
   * bean is called.
   *
   * @throws SQLException when that cannot be done, as when it was processed before or is being
   *     processed elsewhere; the transaction can only be rolled back then
   */
  Processing record(String group, String messageId) throws SQLException;

  /** Ends the transaction that the calling thread is in without a commit. */
  void giveUp();
}
