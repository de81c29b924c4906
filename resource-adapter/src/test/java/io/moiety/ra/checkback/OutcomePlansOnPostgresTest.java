package io.moiety.ra.checkback;

import io.moiety.ra.TestDatabase;
import java.sql.SQLException;
import java.util.regex.Pattern;

/** {@link OutcomePlansContract} on a real PostgreSQL. */
final class OutcomePlansOnPostgresTest extends OutcomePlansContract {

  private static final Pattern PASSED_OVER = Pattern.compile("Rows Removed by Filter: ([0-9.]+)");

  @Override
  TestDatabase newDatabase() throws SQLException {
    return TestDatabase.postgres();
  }

  @Override
  String numbers(int rows) {
    return "generate_series(1, " + rows + ") AS numbers(N)";
  }

  @Override
  String analyze() {
    return "ANALYZE MOIETY_OUTCOME";
  }

  @Override
  String explain(String sql) {
    return "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " + sql;
  }

  @Override
  String key() {
    return "moiety_outcome_pkey";
  }

  @Override
  boolean isCostly(String plan) {
    return plan.contains("Seq Scan") || plan.contains("Sort") || isAnyLarge(PASSED_OVER, plan);
  }
}
