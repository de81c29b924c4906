package io.moiety.broker;

import io.moiety.broker.log.LogStatistics;
import io.moiety.broker.stats.BrokerStatistics;
import io.moiety.broker.stats.LatencyHistogram;
import io.moiety.broker.traffic.MorningTraffic;
import io.moiety.broker.traffic.TrafficRates;
import java.util.function.IntSupplier;

/** Puts together what the parts of the broker have counted. Usable by any thread. */
final class StatisticsReader {
  private final StoreCore core;
  private final TrafficRates rates;
  private final MorningTraffic mornings;
  private final LatencyHistogram putLatency;
  private final IntSupplier waitingReads;
  private final long startedMillis;

  /**
   * @param waitingReads how many reads wait for a thread
   */
  StatisticsReader(
      StoreCore core,
      TrafficRates rates,
      MorningTraffic mornings,
      LatencyHistogram putLatency,
      IntSupplier waitingReads) {
    this.core = core;
    this.mornings = mornings;
    this.waitingReads = waitingReads;
    this.rates = rates;
    this.putLatency = putLatency;
    this.startedMillis = core.clock().nowMillis();
  }

  BrokerStatistics read() {
    LogStatistics log = core.logStatistics();
    MorningTraffic.Mornings began = mornings.mornings();
    return new BrokerStatistics(
        startedMillis,
        core.clock().nowMillis(),
        log.disk().totalBytes(),
        log.disk().usableBytes(),
        core.turn().waiting(),
        waitingReads.getAsInt(),
        core.views().traffic().all(),
        core.views().traffic().topics(),
        began.today(),
        began.yesterday(),
        rates.snapshot(),
        putLatency.snapshot(),
        log.forces(),
        log.firstPosition(),
        log.appendedPosition(),
        log.durablePosition(),
        core.store().servedPosition());
  }
}
