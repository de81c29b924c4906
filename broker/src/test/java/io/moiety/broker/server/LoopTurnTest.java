package io.moiety.broker.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.store.StoreTurn;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopTurnTest {
  private static final int WAITING = 300;

  private final EventExecutor eventLoop = new DefaultEventExecutor();
  private final AtomicInteger batches = new AtomicInteger();
  private final List<Thread> workers = new ArrayList<>();
  private final CountDownLatch worked = new CountDownLatch(1);
  private final AtomicInteger wokenOtherwise = new AtomicInteger();
  private final StoreTurn turn = new StoreTurn(WAITING, this::endOfBatch, () -> {});
  private final LoopTurn loopTurn = new LoopTurn(turn, wokenOtherwise::incrementAndGet);
  private final List<Integer> done = new ArrayList<>();

  private void endOfBatch() {
    batches.incrementAndGet();
    workers.add(Thread.currentThread());
    worked.countDown();
  }

  @AfterEach
  void stop() {
    eventLoop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  @Test
  void whatOneReadBringsIsOneBatchInItsOrder() {
    for (int i = 0; i < 3; i++) {
      read(i);
    }
    assertThat(done).isEmpty();
    loopTurn.readEnded();
    assertThat(done).containsExactly(0, 1, 2);
    assertThat(batches).hasValue(1);
  }

  @Test
  void whatComesOutsideOfAReadDoesNotWait() {
    loopTurn.offer(() -> done.add(1));
    read(2);
    loopTurn.readEnded();
    loopTurn.offer(() -> done.add(3));
    assertThat(done).containsExactly(1, 2, 3);
    assertThat(batches).hasValue(3);
  }

  @Test
  void aReadThatBringsMuchIsWorkedOffOnTheWay() {
    for (int i = 0; i < 2 * WAITING; i++) {
      read(i);
    }
    loopTurn.readEnded();
    assertThat(done).hasSize(2 * WAITING);
  }

  @Test
  void whatIsLeftWhenTooManyWaitIsRefused() {
    turn.runHere(
        () -> {
          for (int i = 0; i < WAITING; i++) {
            assertThat(turn.leave(() -> {})).isTrue();
          }
          loopTurn.readBegan(eventLoop);
          assertThat(loopTurn.offer(() -> done.add(1))).isFalse();
        });
    loopTurn.readEnded();
    assertThat(done).isEmpty();
  }

  @Test
  void theEventLoopThatReadLastPublishesWhatBecameDurable() throws InterruptedException {
    eventLoop
        .submit(
            () -> {
              loopTurn.readBegan(eventLoop);
              loopTurn.readEnded();
            })
        .syncUninterruptibly();
    loopTurn.becameDurable();
    assertThat(worked.await(30, TimeUnit.SECONDS)).isTrue();
    eventLoop.submit(() -> assertThat(workers).containsExactly(Thread.currentThread())).sync();
    assertThat(wokenOtherwise).hasValue(0);
  }

  @Test
  void somebodyElsePublishesWhenTheEventLoopIsKept() {
    CountDownLatch kept = new CountDownLatch(1);
    loopTurn.readBegan(eventLoop);
    loopTurn.readEnded();
    eventLoop.execute(() -> awaitQuietly(kept));
    loopTurn.becameDurable();
    assertThat(wokenOtherwise).hasValue(0);
    loopTurn.becameDurable();
    assertThat(wokenOtherwise).hasValue(1);
    kept.countDown();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void somebodyElsePublishesWhenNoEventLoopCan() {
    loopTurn.becameDurable();
    assertThat(wokenOtherwise).hasValue(1);
    loopTurn.readBegan(eventLoop);
    loopTurn.readEnded();
    stop();
    loopTurn.becameDurable();
    loopTurn.becameDurable();
    assertThat(wokenOtherwise).hasValue(3);
  }

  private void read(int number) {
    loopTurn.readBegan(eventLoop);
    assertThat(loopTurn.offer(() -> done.add(number))).isTrue();
  }
}
