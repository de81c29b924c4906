package io.moiety.arquillian.crash;

import io.moiety.arquillian.crash.Place.Edge;
import io.moiety.arquillian.orders.Mode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The steps of a transaction at which a process is killed, and what becomes of it then. */
enum KillPoint {
  BEFORE_SEND(Cell.ALL, false, "io.moiety.arquillian.orders.Orders", "send", Edge.ENTRY),
  AFTER_SEND(Cell.ALL, false, "io.moiety.arquillian.orders.Orders", "send", Edge.EXIT),

  /** The vote was never given: rolled back. */
  BEFORE_PREPARE(Cell.XA, false, "io.moiety.jms.JmsXaResource", "prepare", Edge.ENTRY),

  /** The decision is not in the transaction log: rolled back (presumed abort). */
  AFTER_PREPARE(Cell.XA, false, "io.moiety.jms.JmsXaResource", "prepare", Edge.EXIT),

  /** The decision is logged: committed. */
  BEFORE_DATABASE_COMMIT(Cell.XA, true, "org.postgresql.xa.PGXAConnection", "commit", Edge.ENTRY),
  AFTER_DATABASE_COMMIT(Cell.XA, true, "org.postgresql.xa.PGXAConnection", "commit", Edge.EXIT),
  BEFORE_COMMIT(Cell.XA, true, "io.moiety.jms.JmsXaResource", "commit", Edge.ENTRY),
  AFTER_COMMIT(Cell.XA, true, "io.moiety.jms.JmsXaResource", "commit", Edge.EXIT),

  /** The outcome row is inserted, and not committed: it is rolled back with the order's. */
  OUTCOME_ROW(
      Cell.CHECK_BACK,
      false,
      "org.postgresql.jdbc.PgConnection",
      "executeTransactionCommand",
      Edge.ENTRY),

  /** The database has committed and the broker knows nothing of it: it asks. */
  DATABASE_COMMITTED(
      Cell.CHECK_BACK,
      true,
      "org.postgresql.jdbc.PgConnection",
      "executeTransactionCommand",
      Edge.EXIT),
  BEFORE_RESOLUTION(Cell.CHECK_BACK, true, "io.moiety.client.HalfMessages", "end", Edge.ENTRY),
  AFTER_RESOLUTION(Cell.CHECK_BACK, true, "io.moiety.client.HalfMessages", "end", Edge.EXIT),

  /** The message that came in is processed, and the broker does not know: it comes again. */
  BEFORE_ACKNOWLEDGEMENT(
      Cell.RECEIVED, true, "io.moiety.jms.JmsInboundReceiver$Received", "acknowledge", Edge.ENTRY),
  AFTER_ACKNOWLEDGEMENT(
      Cell.RECEIVED, true, "io.moiety.jms.JmsInboundReceiver$Received", "acknowledge", Edge.EXIT);

  /** Which transactions have a step; empty for all. */
  private enum Cell {
    ALL(Optional.empty(), Optional.empty()),
    XA(Optional.of(Mode.XA), Optional.empty()),
    CHECK_BACK(Optional.of(Mode.CHECK_BACK), Optional.empty()),

    /** Under XA the acknowledgement is part of the branch. */
    RECEIVED(Optional.of(Mode.CHECK_BACK), Optional.of(Direction.INBOUND));

    private final Optional<Mode> mode;
    private final Optional<Direction> direction;

    Cell(Optional<Mode> mode, Optional<Direction> direction) {
      this.mode = mode;
      this.direction = direction;
    }
  }

  private final Cell cell;
  private final boolean commits;
  private final String className;
  private final String method;
  private final Edge edge;

  KillPoint(Cell cell, boolean commits, String className, String method, Edge edge) {
    this.cell = cell;
    this.commits = commits;
    this.className = className;
    this.method = method;
    this.edge = edge;
  }

  static List<KillPoint> of(Mode mode, Direction direction) {
    return Arrays.stream(values())
        .filter(point -> point.cell.mode.orElse(mode) == mode)
        .filter(point -> point.cell.direction.orElse(direction) == direction)
        .toList();
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
