package io.moiety.ra;

import java.io.IOException;
import java.sql.SQLException;

/** A real database server of the tests' own, which can be killed. */
public interface DatabaseServer extends AutoCloseable {

  /** An empty database in it. */
  TestDatabase newDatabase() throws SQLException;

  /** As a failing machine would: no session is ended, nothing is answered any more. */
  void kill() throws IOException;

  /** Over the files that the killed one left, at the same port. */
  void startAgain() throws IOException;

  @Override
  void close() throws IOException;
}
