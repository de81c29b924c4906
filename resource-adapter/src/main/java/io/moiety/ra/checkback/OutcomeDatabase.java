package io.moiety.ra.checkback;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * An outcome table that was found to work, and the short transactions of its own in which it is
 * asked, fenced and cleaned. Those run on threads that are in no transaction of the server; only
 * {@link #insertCommitted} is part of the application's.
 *
 * <p>Thread-safe.
 */
final class OutcomeDatabase {

  private static final System.Logger LOGGER = System.getLogger(OutcomeDatabase.class.getName());
  private static final String IDENTITY = "table";

  /** What is done in one transaction. */
  private interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  private final OutcomePlace place;
  private final DataSource dataSource;
  private final OutcomeTable table;
  private final String tableId;
  private final Clock clock;

  private OutcomeDatabase(
      OutcomePlace place, DataSource dataSource, OutcomeTable table, String tableId, Clock clock) {
    this.place = place;
    this.dataSource = dataSource;
    this.table = table;
    this.tableId = tableId;
    this.clock = clock;
  }

  /**
   * Proves that the table can be read and written, and learns its name among all tables, which it
   * gets with its first use. On a thread that is in no transaction.
   *
   * @param create makes the table when it is not there
   */
  static OutcomeDatabase open(
      OutcomePlace place, DataSource dataSource, boolean create, Clock clock) throws SQLException {
    Dialect dialect = inTransaction(dataSource, connection -> Dialect.of(connection.getMetaData()));
    OutcomeTable table = new OutcomeTable(place.table(), dialect);
    Optional<OutcomeTable.Row> known;
    try {
      known = inTransaction(dataSource, connection -> table.find(connection, IDENTITY));
    } catch (SQLException missing) {
      if (!create) {
        throw new SQLException(
            "Table "
                + place.table()
                + " cannot be read ("
                + missing.getMessage()
                + "); make it with "
                + dialect.ddlFile()
                + " of the adapter's archive, or set createTable=true for a trial",
            missing.getSQLState(),
            missing);
      }
      known = create(dataSource, table);
    }
    String tableId = known.isPresent() ? known.get().detail() : name(dataSource, table, clock);
    return new OutcomeDatabase(place, dataSource, table, tableId, clock);
  }

  /** Another node may be quicker. */
  private static Optional<OutcomeTable.Row> create(DataSource dataSource, OutcomeTable table)
      throws SQLException {
    try {
      inTransaction(
          dataSource,
          connection -> {
            table.create(connection);
            return true;
          });
      LOGGER.log(INFO, "Created the table {0}, since createTable is set", table);
    } catch (SQLException refused) {
      try {
        return inTransaction(dataSource, connection -> table.find(connection, IDENTITY));
      } catch (SQLException stillMissing) {
        refused.addSuppressed(stillMissing);
        throw refused;
      }
    }
    return Optional.empty();
  }

  private static String name(DataSource dataSource, OutcomeTable table, Clock clock)
      throws SQLException {
    String name = UUID.randomUUID().toString();
    OutcomeTable.Row row = new OutcomeTable.Row(IDENTITY, OutcomeState.TABLE, clock.millis(), name);
    if (insertAlone(dataSource, table, row)) {
      return name;
    }
    return inTransaction(dataSource, connection -> table.find(connection, IDENTITY))
        .map(OutcomeTable.Row::detail)
        .orElseThrow(() -> new SQLException("The table " + table + " is being changed; try again"));
  }

  OutcomePlace place() {
    return place;
  }

  /** Names the table among all, so that nobody answers from another one by mistake. */
  String tableId() {
    return tableId;
  }

  /**
   * Opens a connection as the application does, in its transaction, if there is one, and with its
   * credentials.
   */
  Connection connect() throws SQLException {
    return dataSource.getConnection();
  }

  /**
   * Inserts that the transaction commits, as part of it.
   *
   * @return false when it was fenced
   */
  boolean insertCommitted(Connection connection, String id, List<String> details)
      throws SQLException {
    return table.insert(connection, rows(id, details));
  }

  /**
   * Inserts, as part of the calling thread's transaction, that a message was processed.
   *
   * @return false when it was before
   */
  boolean insertReceived(Connection connection, String id) throws SQLException {
    return table.insert(
        connection, List.of(new OutcomeTable.Row(id, OutcomeState.RECEIVED, clock.millis(), "")));
  }

  private List<OutcomeTable.Row> rows(String id, List<String> details) {
    long nowMillis = clock.millis();
    List<OutcomeTable.Row> rows = new ArrayList<>();
    for (int i = 0; i < details.size(); i++) {
      rows.add(
          i == 0
              ? new OutcomeTable.Row(id, OutcomeState.COMMITTED, nowMillis, details.get(0))
              : new OutcomeTable.Row(
                  HalfList.rowId(id, i), OutcomeState.MORE, nowMillis, details.get(i)));
    }
    return rows;
  }

  /**
   * Decides a transaction as the table says.
   *
   * @param fence puts a row there that keeps the transaction from ever committing, if there is none
   */
  Ruling rule(String id, boolean fence) {
    try {
      Ruling known = read(id);
      if (known != Ruling.OPEN || !fence) {
        return known;
      }
      OutcomeTable.Row row = new OutcomeTable.Row(id, OutcomeState.ROLLED_BACK, clock.millis(), "");
      if (insertAlone(dataSource, table, row)) {
        return Ruling.ROLLED_BACK;
      }
      // Somebody was quicker; what his row says is seen by a transaction that begins after it.
      Ruling theirs = read(id);
      return theirs == Ruling.OPEN ? Ruling.UNCLEAR : theirs;
    } catch (SQLException | RuntimeException unclear) {
      // Timeouts, deadlocks, a commit without an answer; and whatever a pool or driver throws.
      LOGGER.log(DEBUG, () -> "Transaction " + id + " is not decided yet by " + place, unclear);
      return Ruling.UNCLEAR;
    }
  }

  private Ruling read(String id) throws SQLException {
    return find(id)
        .map(
            row ->
                switch (row.state()) {
                  case COMMITTED -> Ruling.COMMITTED;
                  case ROLLED_BACK -> Ruling.ROLLED_BACK;
                  case RECEIVED, MORE, TABLE -> Ruling.UNCLEAR;
                })
        .orElse(Ruling.OPEN);
  }

  Optional<OutcomeTable.Row> find(String id) throws SQLException {
    return inTransaction(dataSource, connection -> table.find(connection, id));
  }

  List<OutcomeTable.Row> before(
      OutcomeState state, long beforeMillis, Optional<OutcomeTable.Row> after, int limit)
      throws SQLException {
    return inTransaction(
        dataSource, connection -> table.before(connection, state, beforeMillis, after, limit));
  }

  void delete(List<String> ids) throws SQLException {
    inTransaction(
        dataSource,
        connection -> {
          table.delete(connection, ids);
          return true;
        });
  }

  private static boolean insertAlone(
      DataSource dataSource, OutcomeTable table, OutcomeTable.Row row) throws SQLException {
    return inTransaction(
        dataSource,
        connection -> {
          boolean inserted = table.insert(connection, List.of(row));
          if (!inserted) {
            connection.rollback();
          }
          return inserted;
        });
  }

  /**
   * Only a return says that the work is committed. The isolation level is set before, since who
   * looks again after a duplicate key must see what was committed meanwhile.
   */
  private static <T> T inTransaction(DataSource dataSource, Work<T> work) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      int isolation = connection.getTransactionIsolation();
      boolean change = isolation != Connection.TRANSACTION_READ_COMMITTED;
      if (change) {
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      }
      boolean autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(false);
      try {
        T result = work.run(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException failure) {
        rollBack(connection, failure);
        throw failure;
      } finally {
        connection.setAutoCommit(autoCommit);
        if (change) {
          connection.setTransactionIsolation(isolation);
        }
      }
    }
  }

  private static void rollBack(Connection connection, Exception failure) {
    try {
      connection.rollback();
    } catch (SQLException alsoFailed) {
      failure.addSuppressed(alsoFailed);
    }
  }

  @Override
  public String toString() {
    return place + " (" + table.dialect() + ")";
  }
}
