package io.moiety.client;

import io.moiety.protocol.ResponseCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Chooses queues for sends that name none: a topic's writable queues in turn. Routes are asked for
 * at the first send to a topic and again after a while; sends that wait for a route keep their
 * order.
 *
 * <p>Confined to the connection's event loop.
 */
final class RouteTable {

  /** Who waits for a queue. One of the two is called, once. */
  interface Choice {
    void queue(int queueId);

    void failed(ClientException cause);
  }

  /** RocketMQ's clients ask as often. */
  private static final long FRESH_NANOS = Duration.ofSeconds(30).toNanos();

  private static final int MAX_TOPICS = 10_000;

  private final Function<String, CompletableFuture<TopicRoute>> ask;
  private final Map<String, Entry> entries = new HashMap<>();

  RouteTable(Function<String, CompletableFuture<TopicRoute>> ask) {
    this.ask = ask;
  }

  void choose(String topic, long nowNanos, Choice choice) {
    Entry entry = entries.get(topic);
    if (entry == null) {
      makeRoom();
      entry = new Entry();
      entries.put(topic, entry);
    }
    if (entry.queues == 0) {
      entry.waiting.add(choice);
    } else {
      choice.queue(entry.nextQueue());
    }
    if (!entry.asking && (entry.queues == 0 || nowNanos - entry.askedNanos >= FRESH_NANOS)) {
      entry.asking = true;
      entry.askedNanos = nowNanos;
      ask(topic, entry);
    }
  }

  /** The next send asks for the route again, because the broker refused what this one says. */
  void forget(String topic) {
    Entry entry = entries.get(topic);
    if (entry != null && !entry.asking) {
      entries.remove(topic);
    }
  }

  private void ask(String topic, Entry entry) {
    ask.apply(topic).whenComplete((route, failure) -> answered(topic, entry, route, failure));
  }

  private void answered(
      String topic, Entry entry, @Nullable TopicRoute route, @Nullable Throwable failure) {
    entry.asking = false;
    if (route != null) {
      entry.queues = Math.max(1, route.writeQueues());
    } else if (failure instanceof BrokerException refusal
        && refusal.code() == ResponseCode.TOPIC_NOT_EXIST) {
      // The send creates it, or is refused by a broker that does not let it.
      entry.queues = 1;
    } else if (entry.queues == 0) {
      entries.remove(topic, entry);
      ClientException cause = cause(topic, failure);
      entry.waiting.forEach(choice -> choice.failed(cause));
      entry.waiting.clear();
    }
    while (!entry.waiting.isEmpty()) {
      entry.waiting.remove().queue(entry.nextQueue());
    }
  }

  /** The message itself was not sent, whatever became of the question for its route. */
  private static ClientException cause(String topic, @Nullable Throwable failure) {
    if (failure instanceof ClientException known && !(known instanceof ConnectionLostException)) {
      return known;
    }
    return new ConnectionLostException(
        "The connection ended before the route of topic " + topic + " was known", false);
  }

  private void makeRoom() {
    if (entries.size() >= MAX_TOPICS) {
      entries.values().removeIf(entry -> !entry.asking);
    }
  }

  private static final class Entry {
    private final Queue<Choice> waiting = new ArrayDeque<>();

    /** 0 while unknown. */
    private int queues;

    private int lastQueue;
    private boolean asking;
    private long askedNanos;

    private int nextQueue() {
      lastQueue = (lastQueue + 1) % queues;
      return lastQueue;
    }
  }
}
