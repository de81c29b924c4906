package io.moiety.broker.server;

import io.moiety.broker.access.Access;
import io.moiety.broker.access.AccessControl;
import io.moiety.broker.access.Rights;
import io.moiety.protocol.Command;
import java.util.Optional;

/**
 * The door of one connection: asks access control about each request, and counts refusals, so that
 * nobody can try keys for ever. Without access control it is open. Owner: the connection's event
 * loop.
 */
final class Gate {

  /**
   * Refused requests without a signed one that is served in between; an honest client with a wrong
   * key sends a few before it gives up.
   */
  static final int MAX_REFUSALS = 32;

  private final Optional<AccessControl> control;
  private final Connection connection;
  private int refusals;
  private boolean letIn;

  Gate(Optional<AccessControl> control, Connection connection) {
    this.control = control;
    this.connection = connection;
  }

  /** As {@link AccessControl#check}, for a request that is served here. */
  Access pass(Command request) {
    if (control.isEmpty()) {
      letIn = true;
      return new Access.Granted(request, Rights.ALL);
    }
    Access access = control.get().check(request, connection.remoteAddress().getAddress());
    if (access instanceof Access.Refused) {
      refusals++;
    } else if (!control.get().isOpen(request.code())) {
      refusals = 0;
      letIn = true;
    }
    return access;
  }

  /**
   * True when a request was let in: a signed one, where there are users. Before that anybody may be
   * at the other end.
   */
  boolean hasLetIn() {
    return letIn;
  }

  /** True when the connection has been refused too often. */
  boolean isShut() {
    return refusals >= MAX_REFUSALS;
  }
}
