package io.moiety.broker.server;

import io.moiety.protocol.Command;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The requests to one client that wait for its answer, by their opaque. Pure: whoever owns it
 * writes, and keeps the time. Owner: the connection's event loop.
 */
final class ClientCalls {

  /** What a client is asked for; each kind has room of its own, so that none shuts others out. */
  enum Kind {
    /** By tools, now and then; more at a time is a tool gone wild. */
    QUESTION(64),

    /** Each thread of an application may wait for the reply to a request of its own. */
    REPLY(1_024);

    private final int maxWaiting;

    Kind(int maxWaiting) {
      this.maxWaiting = maxWaiting;
    }

    int maxWaiting() {
      return maxWaiting;
    }
  }

  private record Waiting(Kind kind, ClientAnswer answer) {}

  private final Map<Integer, Waiting> waiting = new HashMap<>();
  private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
  private int lastOpaque;

  /** The opaque to send it with; empty when too many wait, and then nothing is kept. */
  OptionalInt begin(Kind kind, ClientAnswer answer) {
    if (counts.getOrDefault(kind, 0) >= kind.maxWaiting()) {
      return OptionalInt.empty();
    }
    counts.merge(kind, 1, Integer::sum);
    waiting.put(++lastOpaque, new Waiting(kind, answer));
    return OptionalInt.of(lastOpaque);
  }

  /** False when nobody waits for it, or not any more. */
  boolean answered(Command response) {
    Optional<ClientAnswer> answer = end(response.opaque());
    answer.ifPresent(one -> one.answered(response));
    return answer.isPresent();
  }

  /** Its time is over; nothing happens when it was answered. */
  void expired(int opaque, long timeoutMillis) {
    end(opaque).ifPresent(one -> one.late("the client did not answer in " + timeoutMillis + " ms"));
  }

  private Optional<ClientAnswer> end(int opaque) {
    Waiting ended = waiting.remove(opaque);
    if (ended == null) {
      return Optional.empty();
    }
    counts.merge(ended.kind(), -1, Integer::sum);
    return Optional.of(ended.answer());
  }

  /** The connection is closed: no answer comes any more. */
  void closed() {
    List<Waiting> left = List.copyOf(waiting.values());
    waiting.clear();
    counts.clear();
    left.forEach(one -> one.answer().gone());
  }
}
