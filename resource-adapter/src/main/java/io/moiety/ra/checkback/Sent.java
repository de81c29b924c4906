package io.moiety.ra.checkback;

import io.moiety.client.Resolution;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A half message under way, or stored.
 *
 * @param answer complete when it is durable
 */
record Sent(Membership membership, CompletableFuture<StoredHalf> answer) {

  /**
   * Tells the broker what becomes of each, as soon as it is stored, in the order of the sends.
   * Complete when all of that is durable; fails when one was refused or got lost, or was never
   * stored.
   */
  static CompletableFuture<Void> endAll(List<Sent> sent, Resolution resolution) {
    return CompletableFuture.allOf(
        sent.stream()
            .map(
                one -> one.answer().thenCompose(stored -> one.membership().end(stored, resolution)))
            .toArray(CompletableFuture<?>[]::new));
  }
}
