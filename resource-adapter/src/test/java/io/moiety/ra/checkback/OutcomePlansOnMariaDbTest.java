package io.moiety.ra.checkback;

import io.moiety.ra.TestDatabase;
import java.sql.SQLException;
import java.util.regex.Pattern;

/** {@link OutcomePlansContract} on a real MariaDB. */
final class OutcomePlansOnMariaDbTest extends OutcomePlansContract {

  private static final Pattern READ = Pattern.compile("\"r_rows\": ([0-9.]+)");

  @Override
  TestDatabase newDatabase() throws SQLException {
    return TestDatabase.mariaDb();
  }

  @Override
  String numbers(int rows) {
    return "(SELECT seq AS N FROM seq_1_to_" + rows + ") AS numbers";
  }

  @Override
  String analyze() {
    return "ANALYZE TABLE MOIETY_OUTCOME";
  }

  @Override
  String explain(String sql) {
    return "ANALYZE FORMAT=JSON " + sql;
  }

  @Override
  String key() {
    return "\"key\": \"PRIMARY\"";
  }

  @Override
  boolean isCostly(String plan) {
    return plan.contains("\"access_type\": \"ALL\"")
        || plan.contains("filesort")
        || isAnyLarge(READ, plan);
  }
}
