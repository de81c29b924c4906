package io.moiety.broker.registration;

import io.moiety.broker.config.BrokerConfig;
import io.moiety.broker.store.TopicConfig;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Keeps this broker registered with every name server of {@code namesrvAddr}, so that clients that
 * ask them find it as a broker of its cluster: again each half minute, and at once when a topic is
 * made, changed or deleted. A name server that cannot be reached is tried again, less and less
 * often.
 *
 * <p>Thread-safe. It has a thread of its own, for which nobody waits but {@link #close}: looking up
 * a host's name may take long.
 */
public final class Registration implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Registration.class.getName());

  static final Class<? extends Channel> CHANNEL = NioSocketChannel.class;

  /** For all name servers together; one that does not answer drops the broker by itself. */
  private static final long END_TIMEOUT_MILLIS = 2_000;

  private final EventLoopGroup eventLoops;
  private final EventLoop eventLoop;
  private final List<NameServerLink> links;

  /** Of the topics. */
  private final AtomicLong version;

  private final AtomicBoolean told = new AtomicBoolean();

  private Registration(
      EventLoopGroup eventLoops,
      EventLoop eventLoop,
      List<NameServerLink> links,
      AtomicLong version) {
    this.eventLoops = eventLoops;
    this.eventLoop = eventLoop;
    this.links = links;
    this.version = version;
  }

  /**
   * Begins to register.
   *
   * @param listening where the broker is reached
   * @param topics all there are when it is asked, by any thread
   * @param onChange takes who is to be told when the topics change
   */
  public static Registration start(
      BrokerConfig config,
      InetSocketAddress listening,
      Supplier<Collection<TopicConfig>> topics,
      Consumer<Runnable> onChange,
      LongSupplier nowMillis) {
    RegistrationRequests requests =
        new RegistrationRequests(config, listening, topics, nowMillis.getAsLong());
    EventLoopGroup eventLoops =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("moiety-registration", true), NioIoHandler.newFactory());
    EventLoop eventLoop = eventLoops.next();
    AtomicLong version = new AtomicLong();
    List<NameServerLink> links =
        config.nameServers().stream()
            .map(
                nameServer ->
                    new NameServerLink(nameServer, requests, version::get, nowMillis, eventLoop))
            .toList();
    Registration registration = new Registration(eventLoops, eventLoop, links, version);
    onChange.accept(registration::topicsChanged);
    registration.topicsChanged();
    return registration;
  }

  /** Name servers are to know; several changes may be told together. Never blocks. */
  private void topicsChanged() {
    version.incrementAndGet();
    if (!told.compareAndSet(false, true)) {
      return;
    }
    try {
      eventLoop.execute(
          () -> {
            told.set(false);
            links.forEach(NameServerLink::advance);
          });
    } catch (RejectedExecutionException closed) {
      LOG.log(Level.DEBUG, "Topics changed after the broker's name was taken back");
    }
  }

  /** Takes the broker's name back from all name servers, and waits for that two seconds at most. */
  @Override
  public void close() {
    CompletableFuture<?>[] ends =
        links.stream()
            .map(
                link ->
                    CompletableFuture.supplyAsync(link::end, eventLoop).thenCompose(ended -> ended))
            .toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(ends).get(END_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException notAnswered) {
      LOG.log(Level.DEBUG, "Not every name server has confirmed the end", notAnswered);
    }
    eventLoops
        .shutdownGracefully(0, END_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(END_TIMEOUT_MILLIS);
  }
}
