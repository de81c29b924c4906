package io.moiety.client;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Which requests of a connection wait for an answer, by their opaque. Confined to the connection's
 * event loop.
 */
final class RequestTable {

  private final IntObjectMap<PendingRequest<?>> waiting = new IntObjectHashMap<>();
  private int lastOpaque;

  /**
   * Returns the opaque that the request is to be written with; none that still waits is given out
   * again.
   */
  int add(PendingRequest<?> request) {
    do {
      lastOpaque++;
    } while (waiting.containsKey(lastOpaque));
    waiting.put(lastOpaque, request);
    return lastOpaque;
  }

  /** Empty when the request is not waiting any more, or never was. */
  Optional<PendingRequest<?>> take(int opaque) {
    return Optional.ofNullable(waiting.remove(opaque));
  }

  List<PendingRequest<?>> takeExpired(long nowNanos) {
    List<PendingRequest<?>> expired = new ArrayList<>();
    Iterator<PendingRequest<?>> requests = waiting.values().iterator();
    while (requests.hasNext()) {
      PendingRequest<?> request = requests.next();
      if (request.expiredAt(nowNanos)) {
        requests.remove();
        expired.add(request);
      }
    }
    return expired;
  }

  List<PendingRequest<?>> takeAll() {
    List<PendingRequest<?>> all = new ArrayList<>(waiting.values());
    waiting.clear();
    return all;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }
}
