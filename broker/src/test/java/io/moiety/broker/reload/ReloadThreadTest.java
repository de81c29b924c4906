package io.moiety.broker.reload;

import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ReloadThreadTest {

  @Test
  void errorDoesNotEndTheLooking() {
    AtomicInteger looks = new AtomicInteger();
    Reloadable failing =
        () -> {
          looks.incrementAndGet();
          throw new StackOverflowError("a file that nests too deep");
        };
    try (ReloadThread thread = ReloadThread.start(List.of(failing))) {
      await().until(() -> looks.get() >= 2);
    }
  }
}
