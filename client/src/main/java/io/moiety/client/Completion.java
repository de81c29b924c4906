package io.moiety.client;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what a future completed with. Failures stay what they are, where {@link
 * CompletableFuture#thenApply} would wrap them.
 */
final class Completion {

  private Completion() {}

  static <T> void pass(
      @Nullable T result, @Nullable Throwable failure, CompletableFuture<T> target) {
    if (failure == null) {
      target.complete(result);
    } else {
      target.completeExceptionally(failure);
    }
  }
}
