package io.moiety.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One broker a store: in this process and among processes. */
@Timeout(120)
final class StoreLockTest {

  @TempDir private Path directory;

  @Test
  void refusesASecondOpenInTheSameProcessAndSaysWhoHasIt() throws IOException {
    try (StoreLock lock = StoreLock.acquire(directory)) {
      lock.publish(Optional.of("127.0.0.1:10911"));

      assertThatThrownBy(() -> StoreLock.acquire(directory))
          .hasMessageContaining(directory.toRealPath().toString())
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining("listens on 127.0.0.1:10911")
          .asInstanceOf(type(StoreLockedException.class))
          .extracting(StoreLockedException::holder)
          .isEqualTo(
              Optional.of(
                  new StoreHolder(ProcessHandle.current().pid(), Optional.of("127.0.0.1:10911"))));
    }
  }

  @Test
  void refusesTheSameStoreByAnotherName() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
    try (StoreLock lock = StoreLock.acquire(directory)) {
      assertThatThrownBy(() -> StoreLock.acquire(link)).isInstanceOf(StoreLockedException.class);
      assertThat(lock).isNotNull();
    }
  }

  @Test
  void canBeTakenAgainOnceItIsClosedTwice() throws IOException {
    StoreLock lock = StoreLock.acquire(directory);
    lock.close();
    try (StoreLock again = StoreLock.acquire(directory)) {
      lock.close();
      assertThatThrownBy(() -> StoreLock.acquire(directory))
          .isInstanceOf(StoreLockedException.class);
      assertThat(again).isNotNull();
    }
  }

  @Test
  void isRefusedWhileAnotherProcessHasItAndFreeOnceThatIsKilled()
      throws IOException, InterruptedException {
    Process holder = LockingProcess.start(directory);
    try {
      assertThat(LockingProcess.answer(holder)).isEqualTo(LockingProcess.LOCKED);

      assertThatThrownBy(() -> StoreLock.acquire(directory))
          .isInstanceOf(StoreLockedException.class)
          .hasMessageContaining("process " + holder.pid())
          .hasMessageContaining("listens on " + LockingProcess.ADDRESS);
    } finally {
      holder.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
    StoreLock.acquire(directory).close();
  }

  @Test
  void staysLockedForOtherProcessesAfterASecondOpenWasRefused()
      throws IOException, InterruptedException {
    try (StoreLock lock = StoreLock.acquire(directory)) {
      assertThatThrownBy(() -> StoreLock.acquire(directory))
          .isInstanceOf(StoreLockedException.class);

      Process other = LockingProcess.start(directory);
      try {
        assertThat(LockingProcess.answer(other))
            .contains("in use by process " + ProcessHandle.current().pid());
      } finally {
        other.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
      }
      assertThat(lock).isNotNull();
    }
  }

  @Test
  void readsAHolderFileThatIsNone() {
    assertThat(StoreHolder.parse("pid=\naddress=x\n")).isEmpty();
    assertThat(StoreHolder.parse("pid=12345678901234567890123\n")).isEmpty();
    assertThat(StoreHolder.parse("pid=12\n")).contains(new StoreHolder(12, Optional.empty()));
  }
}
