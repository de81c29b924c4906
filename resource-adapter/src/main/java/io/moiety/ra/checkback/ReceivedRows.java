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

/** Rows in the outcome table that beans' own transactions insert. Thread-safe. */
final class ReceivedRows implements ReceivedMessages {

  /** Told by the server. */
  private static final class RowProcessing implements Processing, Synchronization {

    private volatile int status = Status.STATUS_UNKNOWN;

    @Override
    public void beforeCompletion() {
      // The row is there already.
    }

    @Override
    public void afterCompletion(int endStatus) {
      status = endStatus;
    }

    @Override
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

  ReceivedRows(Outcomes outcomes, TransactionSynchronizationRegistry transactions) {
    this.outcomes = outcomes;
    this.transactions = transactions;
  }

  @Override
  public boolean wasProcessed(String group, String messageId) throws SQLException {
    return outcomes.get().find(id(group, messageId)).isPresent();
  }

  @Override
  public Processing record(String group, String messageId) throws SQLException {
    try {
      return record(outcomes.get(), id(group, messageId));
    } catch (SQLException | RuntimeException | Error failure) {
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
      RowProcessing processing = new RowProcessing();
      transactions.registerInterposedSynchronization(processing);
      return processing;
    }
  }

  @Override
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
