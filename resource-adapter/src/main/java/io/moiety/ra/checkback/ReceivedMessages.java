package io.moiety.ra.checkback;

import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Base64;

/**
 * Which messages a consumer group's beans have processed, by rows that the beans' own transactions
 * insert: a message that comes again, since its acknowledgement was lost, is recognised. Blocks; on
 * threads of the server. Thread-safe.
 */
public final class ReceivedMessages {

  /** How the transaction of one delivery ended, as far as the server says. */
  public static final class Processing implements Synchronization {

    private volatile int status = Status.STATUS_UNKNOWN;

    private Processing() {}

    @Override
    public void beforeCompletion() {
      // The row is there already.
    }

    @Override
    public void afterCompletion(int endStatus) {
      status = endStatus;
    }

    /** False also when the answer to the commit was lost: then only the table knows. */
    public boolean isCommitted() {
      return status == Status.STATUS_COMMITTED;
    }
  }

  /** Where the rows are; may have to be opened first. */
  interface Outcomes {
    OutcomeDatabase get() throws SQLException;
  }

  private static final String PREFIX = "in-";

  private final Outcomes outcomes;
  private final TransactionSynchronizationRegistry transactions;

  ReceivedMessages(Outcomes outcomes, TransactionSynchronizationRegistry transactions) {
    this.outcomes = outcomes;
    this.transactions = transactions;
  }

  /**
   * Whether a message was processed. Outside of transactions.
   *
   * @param messageId the same for each delivery of the message
   * @throws SQLException when the database does not say
   */
  public boolean wasProcessed(String group, String messageId) throws SQLException {
    return outcomes.get().find(id(group, messageId)).isPresent();
  }

  /**
   * Records a message as processed, in the transaction that the calling thread is in, before the
   * bean is called.
   *
   * @throws SQLException when that cannot be done, as when it was processed before or is being
   *     processed elsewhere; the transaction can only be rolled back then
   */
  public Processing record(String group, String messageId) throws SQLException {
    try {
      return record(outcomes.get(), id(group, messageId));
    } catch (SQLException | RuntimeException failure) {
      transactions.setRollbackOnly();
      throw failure;
    }
  }

  private Processing record(OutcomeDatabase database, String id) throws SQLException {
    try (Connection connection = database.connect()) {
      if (connection.getAutoCommit()) {
        throw new SQLException(
            "Connections of "
                + database.place()
                + " are in auto-commit mode inside the bean's transaction; use a data source that"
                + " takes part in the server's transactions");
      }
      if (!database.insertReceived(connection, id)) {
        throw new SQLException("The message was processed already");
      }
      Processing processing = new Processing();
      transactions.registerInterposedSynchronization(processing);
      return processing;
    }
  }

  /** Ends the transaction that the calling thread is in without a commit. */
  public void giveUp() {
    transactions.setRollbackOnly();
  }

  /** Of one length, whatever groups and foreign senders call theirs. */
  private static String id(String group, String messageId) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((group + "\n" + messageId).getBytes(StandardCharsets.UTF_8));
      return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every Java platform has SHA-256", impossible);
    }
  }
}
