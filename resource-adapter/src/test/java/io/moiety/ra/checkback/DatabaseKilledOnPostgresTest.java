package io.moiety.ra.checkback;

import io.moiety.ra.DatabaseServer;
import io.moiety.ra.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;

/** {@link DatabaseKilledContract} on a real PostgreSQL. */
final class DatabaseKilledOnPostgresTest extends DatabaseKilledContract {

  @Override
  DatabaseServer start(Path directory) throws IOException {
    return PostgresServer.start(directory);
  }

  @Override
  String waitingSessions() {
    return "pg_stat_activity WHERE wait_event_type = 'Lock'";
  }
}
