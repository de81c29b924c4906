package io.moiety.jms;

import io.moiety.client.ClientInstance;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** Opens fake links, one after the other; the test may prepare the next ones. Thread-safe. */
final class FakeSource implements Link.Source {

  private final Queue<FakeLink> prepared = new ArrayDeque<>();
  private final Queue<Error> errors = new ArrayDeque<>();
  private final List<ClientInstance> instances = new ArrayList<>();
  private final List<FakeLink> opened = new ArrayList<>();
  private final List<Link.Events> events = new ArrayList<>();

  @Override
  public synchronized CompletableFuture<Link> open(
      String name, Optional<ClientInstance> instance, Link.Events told) {
    instance.ifPresent(instances::add);
    Error error = errors.poll();
    if (error != null) {
      throw error;
    }
    FakeLink next = prepared.poll();
    FakeLink link = next == null ? new FakeLink() : next;
    opened.add(link);
    events.add(told);
    return CompletableFuture.completedFuture(link);
  }

  /** The links that are opened next. */
  synchronized void prepare(FakeLink link) {
    prepared.add(link);
  }

  /** The next attempt ends with it. */
  synchronized void fail(Error error) {
    errors.add(error);
  }

  /** Who asked for links, failed attempts too. */
  synchronized List<ClientInstance> instances() {
    return List.copyOf(instances);
  }

  synchronized int count() {
    return opened.size();
  }

  synchronized FakeLink link(int index) {
    return opened.get(index);
  }

  void lose(int index) {
    Link.Events told;
    synchronized (this) {
      opened.get(index).open = false;
      told = events.get(index);
    }
    told.lost(new LinkLostException("the test cut it"));
  }
}
