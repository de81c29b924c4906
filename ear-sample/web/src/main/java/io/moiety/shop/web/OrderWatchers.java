package io.moiety.shop.web;

import io.moiety.shop.OrderFeed;
import io.moiety.shop.OrderView;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The open pages. Tells each of them every committed change.
 *
 * <p>Any thread: the list is its own lock, and its bound may be passed by as many pages as arrive
 * at the same moment.
 */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class OrderWatchers {
  private static final int MAX_WATCHERS = 200;

  @Inject private OrderFeed feed;

  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
  private final Consumer<OrderView> follower = this::changed;

  @PostConstruct
  void follow() {
    feed.follow(follower);
  }

  @PreDestroy
  void leave() {
    feed.leave(follower);
    watchers.forEach(Watcher::close);
  }

  /** Takes the page in, or closes its connection when there are too many; it tries again itself. */
  public void add(SseEventSink sink, Sse sse) {
    Watcher watcher = new Watcher(sink, sse);
    if (watchers.size() >= MAX_WATCHERS) {
      watcher.close();
      return;
    }
    watchers.add(watcher);
    watcher.probe();
  }

  /** A page that was closed is noticed only when something is sent to it. */
  @Schedule(hour = "*", minute = "*", second = "*/15", persistent = false)
  public void probe() {
    watchers.forEach(Watcher::probe);
    watchers.removeIf(Watcher::gone);
  }

  private void changed(OrderView order) {
    JsonObject event = ShopJson.order(order);
    watchers.forEach(watcher -> watcher.order(event));
  }
}
