package io.moiety.broker.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.broker.log.AppendRefusedException;
import io.moiety.broker.log.ForceFailedException;
import io.moiety.broker.log.PutStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ViewFileThreadTest {
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final ViewFileThread thread = ViewFileThread.start(failures::add);
  private final List<Integer> done = new CopyOnWriteArrayList<>();

  @Test
  void tasksRunInTheirOrderAndAllBeforeTheEnd() {
    for (int i = 0; i < 100; i++) {
      int number = i;
      thread.execute(() -> done.add(number));
    }
    thread.close();
    assertThat(done).hasSize(100).isSorted();
    thread.close();
  }

  @Test
  void whatCannotBeWrittenIsTriedAgainBeforeTheOthers() {
    AtomicInteger tries = new AtomicInteger();
    thread.execute(
        () -> {
          if (tries.incrementAndGet() < 2) {
            throw new UncheckedIOException(new IOException("No space left on device"));
          }
          done.add(1);
        });
    thread.execute(() -> done.add(2));
    await().until(() -> done.size() == 2);
    assertThat(done).containsExactly(1, 2);
    assertThat(tries).hasValue(2);
    assertThat(thread.failed()).isFalse();
    thread.close();
  }

  @Test
  void aFailedForceIsFinal() {
    AtomicInteger tries = new AtomicInteger();
    IOException cause = new IOException("Input/output error");
    thread.execute(
        () -> {
          tries.incrementAndGet();
          throw new UncheckedIOException(new ForceFailedException("blocks", cause));
        });
    thread.execute(() -> done.add(1));
    await().until(thread::failed);
    thread.close();
    assertThat(tries).hasValue(1);
    assertThat(done).isEmpty();
    assertThat(failures).singleElement().isInstanceOf(ForceFailedException.class);
  }

  @Test
  void theEndDoesNotWaitForAFullDisk() {
    CountDownLatch tried = new CountDownLatch(1);
    thread.execute(
        () -> {
          tried.countDown();
          throw new UncheckedIOException(new IOException("No space left on device"));
        });
    await().until(() -> tried.getCount() == 0);
    thread.close();
    assertThat(failures).isEmpty();
  }

  @Test
  void theGateRefusesMessagesOnlyWhileTheFilesAreBehind() {
    AtomicBoolean behind = new AtomicBoolean(true);
    ViewGate gate = new ViewGate(thread, behind::get);
    assertThatThrownBy(gate::beforeMessage)
        .isInstanceOfSatisfying(
            AppendRefusedException.class,
            refused -> assertThat(refused.status()).isEqualTo(PutStatus.OS_PAGE_CACHE_BUSY));
    assertThatCode(gate::beforeFact).doesNotThrowAnyException();
    behind.set(false);
    assertThatCode(gate::beforeMessage).doesNotThrowAnyException();
    thread.close();
  }

  @Test
  void theGateRefusesEverythingAfterAFailure() {
    ViewGate gate = new ViewGate(thread, () -> false);
    thread.execute(
        () -> {
          throw new IllegalStateException("broken");
        });
    await().until(thread::failed);
    assertThatThrownBy(gate::beforeFact)
        .isInstanceOfSatisfying(
            AppendRefusedException.class,
            refused -> assertThat(refused.status()).isEqualTo(PutStatus.SERVICE_NOT_AVAILABLE))
        .hasMessageContaining("broken");
    assertThatThrownBy(gate::beforeMessage).isInstanceOf(AppendRefusedException.class);
    thread.close();
  }
}
