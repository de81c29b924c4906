package io.moiety.shop;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Tells its followers of each change that was committed, and of none that was not. It lives beside
 * the beans that change orders, since a server need not let an event of theirs reach the web
 * module.
 *
 * <p>Any thread. Followers are called on the thread that committed and must not block.
 */
@ApplicationScoped
public class OrderFeed {
  private final List<Consumer<OrderView>> followers = new CopyOnWriteArrayList<>();

  public void follow(Consumer<OrderView> follower) {
    followers.add(follower);
  }

  public void leave(Consumer<OrderView> follower) {
    followers.remove(follower);
  }

  void changed(@Observes(during = TransactionPhase.AFTER_SUCCESS) OrderView order) {
    followers.forEach(follower -> follower.accept(order));
  }
}
