package io.moiety.broker;

import io.moiety.broker.log.LogStatistics;
import io.moiety.broker.stats.BrokerStatistics;
import io.moiety.broker.stats.LatencyHistogram;
import io.moiety.broker.traffic.TrafficRates;

/** Puts together what the parts of the broker have counted. Usable by any thread. */
final class StatisticsReader {
  private final StoreCore core;
  private final TrafficRates rates;
  private final LatencyHistogram putLatency;
  private final long startedMillis;

  StatisticsReader(StoreCore core, TrafficRates rates, LatencyHistogram putLatency) {
    this.core = core;
    this.rates = rates;
    this.putLatency = putLatency;
    this.startedMillis = core.clock().nowMillis();
  }

  BrokerStatistics read() {
    LogStatistics log = core.logStatistics();
    return new BrokerStatistics(
        startedMillis,
        core.clock().nowMillis(),
        core.views().traffic().all(),
        core.views().traffic().topics(),
        rates.snapshot(),
        putLatency.snapshot(),
        log.forces(),
        log.firstPosition(),
        log.appendedPosition(),
        log.durablePosition(),
        core.store().servedPosition());
  }
}
