package io.moiety.ra.metrics;

import io.moiety.ra.checkback.CheckBackGroups;
import io.moiety.ra.checkback.Tasks;
import java.time.Clock;

/** Beans of adapters that answer no check-backs. */
public final class AdapterBeans {

  private static final Tasks NONE =
      new Tasks() {
        @Override
        public void execute(Runnable task) {
          throw new AssertionError("no check-backs here");
        }

        @Override
        public void executeAfter(long delayMillis, Runnable task) {
          throw new AssertionError("no check-backs here");
        }
      };

  private AdapterBeans() {}

  public static AdapterBean of(AdapterMetrics metrics, AdapterBean.Place place) {
    return new AdapterBean(
        metrics,
        new CheckBackGroups(
            NONE,
            name -> {
              throw new AssertionError("no check-backs here");
            },
            Clock.systemUTC()),
        () -> place);
  }
}
