package io.moiety.ra.metrics;

import io.moiety.ra.checkback.CheckBackGroups;
import java.util.function.Supplier;

/** Shows by JMX what is counted in both transaction modes. Thread-safe. */
public final class AdapterBean implements AdapterMXBean {

  /** Where the broker is, which may change when another instance takes it over. */
  public record Place(String addresses, boolean embedded) {}

  private final AdapterMetrics metrics;
  private final CheckBackGroups checkBacks;
  private final Supplier<Place> place;

  public AdapterBean(AdapterMetrics metrics, CheckBackGroups checkBacks, Supplier<Place> place) {
    this.metrics = metrics;
    this.checkBacks = checkBacks;
    this.place = place;
  }

  @Override
  public String getAddresses() {
    return place.get().addresses();
  }

  @Override
  public boolean isEmbedded() {
    return place.get().embedded();
  }

  @Override
  public long getInFlight() {
    return metrics.inFlight() + checkBacks.activeTransactions();
  }

  @Override
  public long getCommitted() {
    return metrics.committedCount() + checkBacks.counters().committed();
  }

  @Override
  public long getRolledBack() {
    return metrics.rolledBackCount() + checkBacks.counters().rolledBack();
  }

  @Override
  public long getCheckedBack() {
    return checkBacks.counters().checkedBack();
  }

  @Override
  public long getFenced() {
    return checkBacks.counters().fenced();
  }

  @Override
  public long getInDoubt() {
    return metrics.inDoubt();
  }

  @Override
  public long getRedelivered() {
    return metrics.redeliveredCount();
  }

  @Override
  public long getReconnects() {
    return metrics.reconnectCount();
  }
}
