package io.moiety.broker.server;

import io.moiety.broker.stats.BrokerStatistics;
import io.moiety.broker.stats.LatencySnapshot;
import io.moiety.broker.stats.RatesSnapshot;
import io.moiety.broker.stats.TrafficSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What the broker has counted, under the names that RocketMQ's tools look for, and under its own
 * where RocketMQ has none. Times are in milliseconds unless a name ends otherwise.
 */
final class RuntimeInfo {

  /** Upper bounds of RocketMQ's classes of put times. */
  private static final int[] CLASSES_MILLIS = {
    10, 50, 100, 200, 500, 1_000, 2_000, 3_000, 4_000, 5_000, 10_000
  };

  private static final int KIB = 1024;

  private RuntimeInfo() {}

  static Map<String, String> of(BrokerStatistics now) {
    Map<String, String> table = new TreeMap<>();
    TrafficSnapshot all = now.all();
    put(table, "bootTimestamp", now.startedMillis());
    table.put("runtime", duration(now.atMillis() - now.startedMillis()));
    table.put("brokerActive", "true");
    put(table, "commitLogMinOffset", now.firstPosition());
    put(table, "commitLogMaxOffset", now.servedPosition());
    put(table, "appendedPosition", now.appendedPosition());
    put(table, "durablePosition", now.durablePosition());
    put(table, "dispatchBehindBytes", now.appendedPosition() - now.servedPosition());
    table.put("remainHowManyDataToFlush", size(now.appendedPosition() - now.durablePosition()));
    disk(table, now.diskTotalBytes(), now.diskUsableBytes());
    put(table, "msgPutTotalTodayNow", all.messagesIn());
    put(table, "msgGetTotalTodayNow", all.messagesOut());
    put(table, "msgPutTotalTodayMorning", now.todayMorning().messagesIn());
    put(table, "msgGetTotalTodayMorning", now.todayMorning().messagesOut());
    put(table, "msgPutTotalYesterdayMorning", now.yesterdayMorning().messagesIn());
    put(table, "msgGetTotalYesterdayMorning", now.yesterdayMorning().messagesOut());
    put(table, "putMessageTimesTotal", all.messagesIn());
    put(table, "putMessageSizeTotal", all.bytesIn());
    put(table, "putMessageAverageSize", all.bytesIn() / Math.max(1, all.messagesIn()));
    put(table, "getMessageTimesTotal", all.messagesOut());
    put(table, "getMessageSizeTotal", all.bytesOut());
    table.put("putTps", rates(now.rates().inPerSecond()));
    table.put("getTransferredTps", rates(now.rates().outPerSecond()));
    table.put("getTransferedTps", rates(now.rates().outPerSecond()));
    latencies(table, now.putLatency(), now.flushLatency());
    return table;
  }

  /**
   * What waits. RocketMQ has a pool of threads for each kind of request, and a lock for appends;
   * here all go through one turn, and what reads stored messages through reader threads.
   */
  static void waits(Map<String, String> table, BrokerStatistics now, Waits waits) {
    for (String pool : List.of("send", "ack")) {
      put(table, pool + "ThreadPoolQueueSize", now.waitingRequests());
      put(table, pool + "ThreadPoolQueueHeadWaitTimeMills", waits.turnMillis());
    }
    put(table, "EndTransactionQueueSize", now.waitingRequests());
    put(table, "pageCacheLockTimeMills", waits.turnMillis());
    for (String pool : List.of("pull", "litePull", "query")) {
      put(table, pool + "ThreadPoolQueueSize", now.waitingReads());
      put(table, pool + "ThreadPoolQueueHeadWaitTimeMills", waits.readMillis());
    }
  }

  /**
   * How long the request for these figures itself has waited.
   *
   * @param turnMillis for the turn
   * @param readMillis for a reader thread
   */
  record Waits(long turnMillis, long readMillis) {}

  private static void disk(Map<String, String> table, long totalBytes, long usableBytes) {
    table.put(
        "commitLogDirCapacity",
        "Total : " + size(totalBytes) + ", Free : " + size(usableBytes) + ".");
    if (totalBytes > 0) {
      String used = String.format(Locale.ROOT, "%.2f", 1 - usableBytes / (double) totalBytes);
      table.put("commitLogDiskRatio", used);
      table.put("consumeQueueDiskRatio", used);
    }
  }

  /** As RocketMQ writes it: {@code [ 0 days, 0 hours, 0 minutes, 46 seconds ]}. */
  private static String duration(long millis) {
    Duration time = Duration.ofMillis(millis);
    return "[ %d days, %d hours, %d minutes, %d seconds ]"
        .formatted(time.toDays(), time.toHoursPart(), time.toMinutesPart(), time.toSecondsPart());
  }

  /** As RocketMQ writes it: {@code 252.0 GiB}, {@code 17 B}. */
  private static String size(long bytes) {
    int power = bytes < KIB ? 0 : (63 - Long.numberOfLeadingZeros(bytes)) / 10;
    return power == 0
        ? bytes + " B"
        : String.format(
            Locale.ROOT, "%.1f %siB", bytes / Math.pow(KIB, power), "KMGTPE".charAt(power - 1));
  }

  private static void latencies(
      Map<String, String> table, LatencySnapshot put, LatencySnapshot flush) {
    put(table, "putMessageEntireTimeMax", TimeUnit.NANOSECONDS.toMillis(put.maxNanos()));
    table.put("putMessageDistributeTime", distribution(put));
    put(table, "putLatencyP50Micros", micros(put, 50));
    put(table, "putLatencyP99Micros", micros(put, 99));
    put(table, "flushTimesTotal", flush.count());
    put(table, "flushLatencyP50Micros", micros(flush, 50));
    put(table, "flushLatencyP99Micros", micros(flush, 99));
    put(table, "flushLatencyMaxMicros", TimeUnit.NANOSECONDS.toMicros(flush.maxNanos()));
  }

  /** As RocketMQ writes it: {@code [<=0ms]:0 [0~10ms]:5 … [10s~]:0}. */
  private static String distribution(LatencySnapshot put) {
    StringBuilder text = new StringBuilder("[<=0ms]:0");
    long below = 0;
    int lower = 0;
    for (int upper : CLASSES_MILLIS) {
      long within = put.countWithin(TimeUnit.MILLISECONDS.toNanos(upper));
      text.append(" [").append(range(lower, upper)).append("]:").append(within - below);
      below = within;
      lower = upper;
    }
    return text.append(" [10s~]:").append(put.count() - below).toString();
  }

  private static String range(int lower, int upper) {
    if (upper < 1_000) {
      return lower + "~" + upper + "ms";
    }
    return lower < 1_000
        ? lower + "ms~" + upper / 1_000 + "s"
        : lower / 1_000 + "~" + upper / 1_000 + "s";
  }

  private static String rates(RatesSnapshot.Window window) {
    return String.format(
        Locale.ROOT,
        "%.1f %.1f %.1f",
        window.tenSeconds(),
        window.oneMinute(),
        window.tenMinutes());
  }

  private static long micros(LatencySnapshot latency, double percent) {
    return TimeUnit.NANOSECONDS.toMicros(latency.percentileNanos(percent));
  }

  private static void put(Map<String, String> table, String name, long value) {
    table.put(name, Long.toString(value));
  }
}
