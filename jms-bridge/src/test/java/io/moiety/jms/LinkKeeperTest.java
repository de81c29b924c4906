package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moiety.client.ClientInstance;
import io.moiety.client.ConnectionLostException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LinkKeeperTest {

  private final FakeSource source = new FakeSource();
  private final RecordedWork work = new RecordedWork();
  private final List<Throwable> told = new CopyOnWriteArrayList<>();
  private final LinkKeeper keeper =
      new LinkKeeper(source, "test", Duration.ofMinutes(1), told::add, work);

  /** What a keeper asks of those who use its links. */
  private final class RecordedWork implements LinkKeeper.Work {

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<Boolean> sameStores = new CopyOnWriteArrayList<>();
    private volatile boolean refusesToTakeUp;
    private volatile boolean refusesToGoOn;
    private volatile CountDownLatch resumed = new CountDownLatch(0);

    @Override
    public void lost() {
      calls.add("lost");
    }

    @Override
    public void resume(Link link, boolean sameStore) {
      calls.add("resume");
      sameStores.add(sameStore);
      try {
        resumed.await();
      } catch (InterruptedException unexpected) {
        throw new IllegalStateException(unexpected);
      }
    }

    @Override
    public void published(Link link) {
      calls.add("published");
      if (refusesToTakeUp) {
        refusesToTakeUp = false;
        throw new IllegalStateException("cannot take it up");
      }
    }

    @Override
    public void goOn() {
      calls.add(Thread.holdsLock(keeper) ? "goOn with the monitor" : "goOn");
      if (refusesToGoOn) {
        refusesToGoOn = false;
        throw new IllegalStateException("cannot go on");
      }
    }

    @Override
    public void ended(Throwable cause) {
      calls.add("ended");
    }
  }

  @AfterEach
  void close() {
    keeper.close();
  }

  private void awaitCurrent(int index) {
    await().until(() -> source.count() > index && keeper.isCurrent(source.link(index)));
  }

  private boolean isClosed(int index) {
    return source.link(index).requests.contains("close");
  }

  @Test
  void lostLinkIsMadeAgainAndWhoWaitsIsServed() {
    keeper.open().join();
    source.lose(0);
    assertThat(keeper.link(10_000).join()).isSameAs(source.link(1));
    assertThat(keeper.connectionNumber()).isEqualTo(1);
    await().until(() -> work.calls.contains("goOn") && work.calls.lastIndexOf("goOn") > 2);
    assertThat(work.calls)
        .containsExactly("published", "goOn", "lost", "resume", "published", "goOn");
  }

  @Test
  void linkThatItsUsersCannotTakeUpIsLostToAllOfThem() {
    keeper.open().join();
    work.refusesToTakeUp = true;
    source.lose(0);
    awaitCurrent(2);
    assertThat(keeper.connectionNumber()).isEqualTo(2);
    assertThat(isClosed(1)).isTrue();
    assertThat(work.calls)
        .containsSubsequence("lost", "resume", "published", "lost", "resume", "published");
  }

  @Test
  void linkThatItsUsersCannotGoOnWithIsMadeAgain() {
    keeper.open().join();
    work.refusesToGoOn = true;
    source.lose(0);
    awaitCurrent(2);
    assertThat(isClosed(1)).isTrue();
    assertThat(keeper.connectionNumber()).isEqualTo(2);
  }

  @Test
  void errorOfAnAttemptIsNoMoreThanAFailure() {
    keeper.open().join();
    source.fail(new NoClassDefFoundError("gone"));
    source.lose(0);
    awaitCurrent(1);
    assertThat(told).isEmpty();
  }

  @Test
  void errorThatNobodyConnectsAgainAfterIsTold() {
    keeper.open().join();
    source.link(0).failsToClose = true;
    source.lose(0);
    CompletableFuture<Link> waiting = keeper.link(10_000);
    await().until(() -> told.size() == 1);
    assertThatThrownBy(waiting::join).hasMessageContaining("making it again ended");
    assertThat(keeper.isOpen()).isFalse();
    source.link(0).failsToClose = false;
  }

  @Test
  void linkThatIsLostWhileItIsClosedIsNotMadeAgain() {
    keeper.open().join();
    keeper.closing();
    assertThat(keeper.isOpen()).isTrue();
    source.lose(0);
    assertThat(keeper.isOpen()).isFalse();
    assertThatThrownBy(() -> keeper.link(10_000).join()).hasMessageContaining("closed meanwhile");
    assertThat(source.count()).isEqualTo(1);
    assertThat(told).isEmpty();
  }

  @Test
  void closeEndsTheLinkThatIsBeingMade() {
    keeper.open().join();
    work.resumed = new CountDownLatch(1);
    source.lose(0);
    await().until(() -> work.calls.contains("resume"));
    keeper.close();
    assertThat(isClosed(1)).isTrue();
    work.resumed.countDown();
    assertThat(told).isEmpty();
  }

  @Test
  void linkThatIsClosedWhileItIsMadeIsNotSaidToBeMadeAgain() {
    List<String> said = new CopyOnWriteArrayList<>();
    Handler hearing = hearing(said);
    Logger logger = Logger.getLogger(LinkKeeper.class.getName());
    logger.addHandler(hearing);
    try {
      keeper.open().join();
      work.resumed = new CountDownLatch(1);
      source.lose(0);
      await().until(() -> work.calls.contains("resume"));
      keeper.close();
      work.resumed.countDown();
      await().until(() -> connectingThreads() == 0);
      assertThat(said).hasSize(1);
      assertThat(said.get(0)).contains("Connecting again");
    } finally {
      logger.removeHandler(hearing);
    }
  }

  private static Handler hearing(List<String> said) {
    return new Handler() {
      @Override
      public void publish(LogRecord told) {
        said.add(told.getMessage());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  private static long connectingThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("moiety-reconnect-test"))
        .count();
  }

  @Test
  void suspectedLinkIsEndedAndMadeAgain() {
    keeper.open().join();
    keeper.suspect(source.link(0), new LinkLostException("no answer came"));
    assertThat(isClosed(0)).isTrue();
    awaitCurrent(1);
    assertThat(keeper.connectionNumber()).isEqualTo(1);
    keeper.suspect(source.link(0), new LinkLostException("another answer did not come either"));
    assertThat(keeper.isCurrent(source.link(1))).isTrue();
  }

  @Test
  void waitForALinkIsBounded() {
    keeper.open().join();
    work.resumed = new CountDownLatch(1);
    source.lose(0);
    assertThatThrownBy(() -> keeper.link(100).join())
        .hasMessageContaining("lost and not made again");
    work.resumed.countDown();
  }

  @Test
  void whoWaitsIsBoundedInNumber() {
    keeper.open().join();
    work.resumed = new CountDownLatch(1);
    source.lose(0);
    for (int i = 0; i < 10_000; i++) {
      assertThat(keeper.link(60_000)).isNotDone();
    }
    CompletableFuture<Link> oneMore = keeper.link(60_000);
    assertThat(oneMore).isCompletedExceptionally();
    assertThatThrownBy(oneMore::join).hasMessageContaining("10000 requests wait");
    work.resumed.countDown();
  }

  @Test
  void everyAttemptGreetsAsTheSameClientWithAHigherEpoch() {
    keeper.open().join();
    source.fail(new NoClassDefFoundError("gone"));
    source.lose(0);
    awaitCurrent(1);
    List<ClientInstance> instances = source.instances();
    assertThat(instances).hasSize(3);
    assertThat(instances.stream().map(ClientInstance::name).distinct()).hasSize(1);
    assertThat(instances.get(1).epoch()).isGreaterThan(instances.get(0).epoch());
    assertThat(instances.get(2).epoch()).isGreaterThan(instances.get(1).epoch());
  }

  @Test
  void usersAreToldWhetherTheNextLinkLeadsToTheSameStore() {
    Queue<String> stores = new ConcurrentLinkedQueue<>(List.of("a", "a", "b", "b"));
    Link.Source ofStores =
        (name, instance, events) -> {
          String store = stores.remove();
          return source
              .open(name, instance, events)
              .thenApply(link -> AlteredLink.of((FakeLink) link, "storeUuid", arguments -> store));
        };
    LinkKeeper led = new LinkKeeper(ofStores, "led", Duration.ofMinutes(1), told::add, work);
    led.open().join();
    for (int i = 0; i < 3; i++) {
      source.lose(i);
      assertThat(led.link(10_000).join()).isNotNull();
    }
    assertThat(work.sameStores).containsExactly(true, false, true);
    led.close();
  }

  @Test
  void linkThatWasLostBeforeItIsClosedIsNotMadeAgain() {
    keeper.open().join();
    work.resumed = new CountDownLatch(1);
    source.lose(0);
    CompletableFuture<Link> waiting = keeper.link(60_000);
    keeper.closing();
    assertThat(keeper.isOpen()).isFalse();
    assertThat(waiting).isCompletedExceptionally();
    work.resumed.countDown();
    assertThat(told).isEmpty();
  }

  @Test
  void whoWaitsHearsWhenTheTimeToConnectAgainIsOver() {
    Link.Source onceOnly =
        (name, instance, events) ->
            source.count() == 0
                ? source.open(name, instance, events)
                : CompletableFuture.failedFuture(new ConnectionLostException("refused", false));
    LinkKeeper brief = new LinkKeeper(onceOnly, "brief", Duration.ofMillis(100), told::add, work);
    brief.open().join();
    source.lose(0);
    assertThatThrownBy(() -> brief.link(60_000).join())
        .hasMessageContaining("could not be made again for 100 ms");
    await().until(() -> told.size() == 1);
    assertThat(work.calls).contains("ended");
  }
}
