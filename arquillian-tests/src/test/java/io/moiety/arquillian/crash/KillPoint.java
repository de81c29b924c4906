package io.moiety.arquillian.crash;

import io.moiety.arquillian.crash.Place.Edge;
import io.moiety.arquillian.orders.Mode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The steps of a transaction at which a process is killed, and what becomes of it then. */
enum KillPoint {
  BEFORE_SEND(Optional.empty(), false, "io.moiety.arquillian.orders.Orders", "send", Edge.ENTRY),
  AFTER_SEND(Optional.empty(), false, "io.moiety.arquillian.orders.Orders", "send", Edge.EXIT),

  /** The vote was never given: rolled back. */
  BEFORE_PREPARE(Optional.of(Mode.XA), false, "io.moiety.jms.JmsXaResource", "prepare", Edge.ENTRY),

  /** The decision is not in the transaction log: rolled back (presumed abort). */
  AFTER_PREPARE(Optional.of(Mode.XA), false, "io.moiety.jms.JmsXaResource", "prepare", Edge.EXIT),

  /** The decision is logged: committed. */
  BEFORE_DATABASE_COMMIT(
      Optional.of(Mode.XA), true, "org.postgresql.xa.PGXAConnection", "commit", Edge.ENTRY),
  AFTER_DATABASE_COMMIT(
      Optional.of(Mode.XA), true, "org.postgresql.xa.PGXAConnection", "commit", Edge.EXIT),
  BEFORE_COMMIT(Optional.of(Mode.XA), true, "io.moiety.jms.JmsXaResource", "commit", Edge.ENTRY),
  AFTER_COMMIT(Optional.of(Mode.XA), true, "io.moiety.jms.JmsXaResource", "commit", Edge.EXIT),

  /** The outcome row is inserted, and not committed: it is rolled back with the order's. */
  OUTCOME_ROW(
      Optional.of(Mode.CHECK_BACK),
      false,
      "org.postgresql.jdbc.PgConnection",
      "commit",
      Edge.ENTRY),

  /** The database has committed and the broker knows nothing of it: it asks. */
  DATABASE_COMMITTED(
      Optional.of(Mode.CHECK_BACK), true, "org.postgresql.jdbc.PgConnection", "commit", Edge.EXIT),
  BEFORE_RESOLUTION(
      Optional.of(Mode.CHECK_BACK), true, "io.moiety.client.HalfMessages", "end", Edge.ENTRY),
  AFTER_RESOLUTION(
      Optional.of(Mode.CHECK_BACK), true, "io.moiety.client.HalfMessages", "end", Edge.EXIT);

  private final Optional<Mode> onlyMode;
  private final boolean commits;
  private final String className;
  private final String method;
  private final Edge edge;

  KillPoint(Optional<Mode> onlyMode, boolean commits, String className, String method, Edge edge) {
    this.onlyMode = onlyMode;
    this.commits = commits;
    this.className = className;
    this.method = method;
    this.edge = edge;
  }

  static List<KillPoint> of(Mode mode) {
    return Arrays.stream(values()).filter(point -> point.onlyMode.orElse(mode) == mode).toList();
  }

  /** What becomes of the transaction when the server dies here. */
  boolean commits() {
    return commits;
  }

  /** In a transaction of this direction, not in what the server does besides. */
  Place in(Direction direction) {
    boolean anyCaller = this == BEFORE_RESOLUTION || this == AFTER_RESOLUTION;
    return new Place(className, method, edge, anyCaller ? "" : direction.caller());
  }
}
