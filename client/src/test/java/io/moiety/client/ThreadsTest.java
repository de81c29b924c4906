package io.moiety.client;

import static io.moiety.client.TestClient.await;
import static io.moiety.client.TestClient.failure;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No thread of the client, nor of Netty on its behalf, outlives it. */
final class ThreadsTest {

  private final ScriptedPeer broker = ScriptedPeer.listen();
  private Set<Thread> before = Set.of();

  @BeforeEach
  void rememberThreads() {
    // Netty's own short-lived thread of an earlier test must be gone, to be noticed here.
    await().atMost(10, SECONDS).until(() -> threads().stream().noneMatch(ThreadsTest::ofClient));
    before = threads();
  }

  @AfterEach
  void closeBroker() {
    broker.close();
  }

  @Test
  void closeEndsTheClientsThread() {
    TestClient connected = TestClient.connect(broker);
    assertThat(newThreads()).anyMatch(name -> name.startsWith("moiety-client"));
    connected.client().close();
    assertThat(newThreads()).noneMatch(name -> name.startsWith("moiety-client"));
    awaitNoNewThreads();
  }

  @Test
  void closeAfterALossEndsTheClientsThread() {
    TestClient connected = TestClient.connect(broker);
    connected.peer().cut();
    await().atMost(10, SECONDS).until(() -> connected.losses().size() == 1);
    connected.client().close();
    awaitNoNewThreads();
  }

  @Test
  void closeFromTheEventLoopEndsTheThreadToo() {
    TestClient connected = TestClient.connect(broker);
    CompletableFuture<Void> closed = new CompletableFuture<>();
    connected
        .client()
        .topics()
        .delete("T")
        .whenComplete(
            (done, failure) -> {
              connected.client().close();
              closed.complete(null);
            });
    connected.peer().answer(connected.peer().read());
    await(closed);
    connected.peer().expectClosed();
    awaitNoNewThreads();
  }

  @Test
  void aFailedConnectLeavesNoThread() {
    ClientConfig config = broker.config().build();
    broker.close();
    failure(MoietyClient.connect(config, ClientEvents.IGNORED), ConnectFailedException.class);
    awaitNoNewThreads();
  }

  @Test
  void closingTheReconnectingClientEndsItsThread() {
    CompletableFuture<ReconnectingClient> connecting =
        ReconnectingClient.connect(
            broker.config().build(),
            ReconnectPolicy.DEFAULT,
            new ReconnectEvents() {
              @Override
              public void connected(MoietyClient client) {}

              @Override
              public void connectionLost(Throwable cause) {}
            });
    PeerConnection peer = broker.acceptAndGreet();
    ReconnectingClient client = await(connecting);
    peer.cut();
    client.close();
    awaitNoNewThreads();
  }

  @Test
  void sharedThreadsStayUntilTheyAreClosedAndHaveTheirFactorysNames() {
    EventLoops loops = EventLoops.start(1, task -> new Thread(task, "container-thread"));
    ClientConfig config = broker.config().eventLoops(loops).build();
    TestClient first = TestClient.connect(broker, config);
    TestClient second = TestClient.connect(broker, config);
    assertThat(newThreads()).contains("container-thread");
    first.client().close();
    assertThat(second.client().isOpen()).isTrue();
    second.client().close();
    assertThat(newThreads()).contains("container-thread");
    loops.close();
    loops.close();
    awaitNoNewThreads();
  }

  @Test
  void closeWaitsForTheThreadsThemselves() {
    List<Thread> made = new CopyOnWriteArrayList<>();
    EventLoops loops =
        EventLoops.start(
            1,
            task -> {
              Thread thread =
                  new Thread(
                      () -> {
                        task.run();
                        LockSupport.parkNanos(SECONDS.toNanos(1));
                      },
                      "slow-to-end");
              made.add(thread);
              return thread;
            });
    TestClient connected = TestClient.connect(broker, broker.config().eventLoops(loops).build());
    connected.close();
    loops.close();
    assertThat(made).hasSize(1).noneMatch(Thread::isAlive);
  }

  @Test
  void threadsOfOthersAreGivenBack() throws InterruptedException {
    ExecutorService workManager =
        Executors.newCachedThreadPool(task -> new Thread(task, "work-manager"));
    EventLoops loops = EventLoops.startOn(workManager, 1);
    TestClient connected = TestClient.connect(broker, broker.config().eventLoops(loops).build());
    assertThat(newThreads()).containsExactly("work-manager");
    connected.close();
    loops.close();
    workManager.shutdown();
    assertThat(workManager.awaitTermination(10, SECONDS)).isTrue();
    awaitNoNewThreads();
  }

  private void awaitNoNewThreads() {
    await().atMost(10, SECONDS).untilAsserted(() -> assertThat(newThreads()).isEmpty());
  }

  private List<String> newThreads() {
    return threads().stream()
        .filter(thread -> !before.contains(thread))
        .map(Thread::getName)
        // The test framework's own.
        .filter(name -> !name.startsWith("awaitility") && !name.startsWith("ForkJoinPool"))
        .toList();
  }

  private static boolean ofClient(Thread thread) {
    return thread.getName().startsWith("moiety-client")
        || thread.getName().startsWith("globalEventExecutor");
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream().collect(Collectors.toSet());
  }
}
