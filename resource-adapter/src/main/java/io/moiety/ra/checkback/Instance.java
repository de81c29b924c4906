package io.moiety.ra.checkback;

import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * This run of the adapter, as the other nodes of its groups know it, and its transactions that have
 * not ended. Thread-safe.
 */
final class Instance {

  private static final String PREFIX = "moiety-checkback-";

  private final String id = UUID.randomUUID().toString();
  private final AtomicInteger connections = new AtomicInteger();
  private final Set<String> active = ConcurrentHashMap.newKeySet();

  String id() {
    return id;
  }

  /** A client id for one more connection of this run. */
  String newClientId() {
    return PREFIX + id + "-" + connections.incrementAndGet();
  }

  /** Whether one of the connected clients is of a certain run. */
  static boolean isAmong(Collection<String> clientIds, String instance) {
    String prefix = PREFIX + instance + "-";
    return clientIds.stream().anyMatch(clientId -> clientId.startsWith(prefix));
  }

  void began(String transactionId) {
    active.add(transactionId);
  }

  /** Its outcome is from now on what the table says. */
  void ended(String transactionId) {
    active.remove(transactionId);
  }

  boolean isActive(String transactionId) {
    return active.contains(transactionId);
  }

  int activeCount() {
    return active.size();
  }
}
