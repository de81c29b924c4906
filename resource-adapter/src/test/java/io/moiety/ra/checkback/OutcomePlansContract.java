package io.moiety.ra.checkback;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.ra.TestDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * How a real database goes about the table's statements when that has many rows: by an index,
 * without sorting, and without reading much more than it is asked for.
 */
@Timeout(180)
abstract class OutcomePlansContract {

  /** {@code -Dplans.rows=1000000} for a trial. */
  static final int ROWS = Integer.getInteger("plans.rows", 100_000);

  /** More than any page, less than any part of the table. */
  private static final int MANY = 1_000;

  private static final String AGE = "MOIETY_OUTCOME_AGE";
  private static final OutcomePlace PLACE = new OutcomePlace("jdbc/test", "MOIETY_OUTCOME");

  private TestDatabase database;
  private OutcomeTable table;

  /** What the statement did, with the values that the adapter gave it. */
  private final List<String> statements = new ArrayList<>();

  abstract TestDatabase newDatabase() throws SQLException;

  /** The rows' numbers, as column N of a table. */
  abstract String numbers(int rows);

  /** Lets the database count what is in the table. */
  abstract String analyze();

  abstract String explain(String sql);

  /** What plans call the index of the primary key. */
  abstract String key();

  /** Whether so many rows were read, sorted or passed over that it shows as the table grows. */
  abstract boolean isCostly(String plan);

  /** Whether one of the numbers that a pattern finds is large. */
  static boolean isAnyLarge(Pattern number, String plan) {
    return number
        .matcher(plan)
        .results()
        .anyMatch(found -> Double.parseDouble(found.group(1)) > MANY);
  }

  @BeforeEach
  void open() throws SQLException {
    database = newDatabase();
    OutcomeDatabase.open(PLACE, new PlainDataSource(database), true, Clock.systemUTC());
    database.execute(
        "INSERT INTO MOIETY_OUTCOME SELECT CONCAT('id', N),"
            + " CASE WHEN MOD(N, 10) = 0 THEN 'ROLLED_BACK' ELSE 'COMMITTED' END, N, '#0'"
            + " FROM "
            + numbers(ROWS));
    database.execute(analyze());
    try (Connection connection = database.connect()) {
      table = new OutcomeTable(PLACE.table(), Dialect.of(connection.getMetaData()));
    }
  }

  /** The plan of the one statement that is run. */
  private String plan(OutcomeTableCall call) throws SQLException {
    try (Connection connection = database.connect()) {
      List<Object> values = new ArrayList<>();
      call.run(recording(connection, values));
      String sql = statements.remove(statements.size() - 1);
      try (PreparedStatement explained = connection.prepareStatement(explain(sql))) {
        for (int i = 0; i < values.size(); i++) {
          explained.setObject(i + 1, values.get(i));
        }
        return text(explained.executeQuery());
      }
    }
  }

  private interface OutcomeTableCall {
    void run(Connection connection) throws SQLException;
  }

  private static String text(ResultSet plan) throws SQLException {
    StringJoiner text = new StringJoiner("\n");
    while (plan.next()) {
      text.add(plan.getString(1));
    }
    return text.toString();
  }

  private Connection recording(Connection connection, List<Object> values) {
    return proxy(
        Connection.class,
        connection,
        (name, arguments, result) -> {
          if (!name.equals("prepareStatement")) {
            return result;
          }
          statements.add((String) arguments[0]);
          return proxy(
              PreparedStatement.class,
              result,
              (method, given, returned) -> {
                if (method.equals("setString") || method.equals("setLong")) {
                  values.add(given[1]);
                }
                return returned;
              });
        });
  }

  private interface Afterwards {
    Object result(String method, Object[] arguments, Object result);
  }

  private static <T> T proxy(Class<T> type, Object target, Afterwards afterwards) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              try {
                return afterwards.result(
                    method.getName(), arguments, method.invoke(target, arguments));
              } catch (InvocationTargetException failure) {
                throw failure.getCause();
              }
            }));
  }

  /**
   * Also by the index that was made for it, so that a plan in other words is not taken for good.
   */
  private void assertCheap(String index, OutcomeTableCall call) throws SQLException {
    String plan = plan(call);
    assertThat(plan).containsIgnoringCase(index);
    assertThat(isCostly(plan)).as(plan).isFalse();
  }

  @Test
  void looksForARowByItsKey() throws SQLException {
    assertCheap(key(), connection -> table.find(connection, "id77"));
  }

  @Test
  void findsTheFirstPageOfOldRowsByTheirAge() throws SQLException {
    assertCheap(
        AGE,
        connection ->
            table.before(
                connection, OutcomeState.COMMITTED, Long.MAX_VALUE, Optional.empty(), 200));
    assertCheap(
        AGE,
        connection ->
            table.before(
                connection, OutcomeState.ROLLED_BACK, Long.MAX_VALUE, Optional.empty(), 500));
  }

  @Test
  void findsALaterPageWithoutTheOnesBefore() throws SQLException {
    Optional<OutcomeTable.Row> middle =
        Optional.of(new OutcomeTable.Row("id" + ROWS / 2, OutcomeState.COMMITTED, ROWS / 2, ""));
    assertCheap(
        AGE,
        connection ->
            table.before(connection, OutcomeState.COMMITTED, Long.MAX_VALUE, middle, 200));
  }

  @Test
  void removesRowsByTheirKeys() throws SQLException {
    List<String> ids = IntStream.rangeClosed(1, 500).mapToObj(row -> "id" + row).toList();
    assertCheap(key(), connection -> table.delete(connection, ids));
  }
}
