package io.moiety.broker.server;

import io.moiety.protocol.Command;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The requests to one client that wait for its answer, by their opaque. Pure: whoever owns it
 * writes, and keeps the time. Owner: the connection's event loop.
 */
final class ClientCalls {

  /** Tools ask a client a few things now and then; more at a time is a tool gone wild. */
  static final int MAX_WAITING = 64;

  private final Map<Integer, ClientAnswer> waiting = new HashMap<>();
  private int lastOpaque;

  /** The opaque to send it with; empty when too many wait, and then nothing is kept. */
  OptionalInt begin(ClientAnswer answer) {
    if (waiting.size() >= MAX_WAITING) {
      return OptionalInt.empty();
    }
    waiting.put(++lastOpaque, answer);
    return OptionalInt.of(lastOpaque);
  }

  /** False when nobody waits for it, or not any more. */
  boolean answered(Command response) {
    ClientAnswer answer = waiting.remove(response.opaque());
    if (answer != null) {
      answer.answered(response);
    }
    return answer != null;
  }

  /** Its time is over; nothing happens when it was answered. */
  void expired(int opaque, long timeoutMillis) {
    ClientAnswer answer = waiting.remove(opaque);
    if (answer != null) {
      answer.late("the client did not answer in " + timeoutMillis + " ms");
    }
  }

  /** The connection is closed: no answer comes any more. */
  void closed() {
    List<ClientAnswer> left = List.copyOf(waiting.values());
    waiting.clear();
    left.forEach(ClientAnswer::gone);
  }
}
