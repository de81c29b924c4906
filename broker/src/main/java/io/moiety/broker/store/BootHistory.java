package io.moiety.broker.store;

import io.moiety.broker.store.SystemRecord.BrokerStarted;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** The view of this store's identity and of how often it was started. Owner: the store turn. */
public final class BootHistory implements View {
  private Optional<BrokerStarted> last = Optional.empty();

  /** The fact to record for the start that is going on. */
  public BrokerStarted next(long nowMillis) {
    return new BrokerStarted(
        last.map(BrokerStarted::storeUuid).orElseGet(() -> UUID.randomUUID().toString()),
        last.map(BrokerStarted::bootNumber).orElse(0) + 1,
        nowMillis);
  }

  @Override
  public Object state() {
    return last;
  }

  @Override
  public void sayFacts(Consumer<SystemRecord> base) {
    last.ifPresent(base);
  }

  @Override
  public void clearFacts() {
    last = Optional.empty();
  }

  @Override
  public void applyFact(SystemRecord fact, LoggedRecord record) {
    if (fact instanceof BrokerStarted started) {
      last = Optional.of(started);
    }
  }
}
