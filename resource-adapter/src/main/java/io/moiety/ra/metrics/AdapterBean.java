package io.moiety.ra.metrics;

import java.util.function.Supplier;

/** Shows {@link AdapterMetrics} by JMX. Thread-safe. */
public final class AdapterBean implements AdapterMXBean {

  /** Where the broker is, which may change when another instance takes it over. */
  public record Place(String addresses, boolean embedded) {}

  private final AdapterMetrics metrics;
  private final Supplier<Place> place;

  public AdapterBean(AdapterMetrics metrics, Supplier<Place> place) {
    this.metrics = metrics;
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
    return metrics.inFlight();
  }

  @Override
  public long getCommitted() {
    return metrics.committedCount();
  }

  @Override
  public long getRolledBack() {
    return metrics.rolledBackCount();
  }

  @Override
  public long getCheckedBack() {
    return metrics.checkedBackCount();
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
