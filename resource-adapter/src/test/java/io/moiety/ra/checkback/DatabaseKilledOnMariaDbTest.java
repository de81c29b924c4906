package io.moiety.ra.checkback;

import io.moiety.ra.DatabaseServer;
import io.moiety.ra.MariaDbServer;
import java.io.IOException;
import java.nio.file.Path;

/** {@link DatabaseKilledContract} on a real MariaDB. */
final class DatabaseKilledOnMariaDbTest extends DatabaseKilledContract {

  @Override
  DatabaseServer start(Path directory) throws IOException {
    return MariaDbServer.start(directory);
  }

  @Override
  String waitingSessions() {
    return "information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'";
  }
}
