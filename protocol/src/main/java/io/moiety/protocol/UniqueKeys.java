package io.moiety.protocol;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes message ids in RocketMQ's form, upper-case hexadecimal:
 *
 * <pre>
 *   4|16 address   2 process id   4 generator   4 ms since the month began   2 counter
 * </pre>
 *
 * <p>RocketMQ's third part is the hash of a class loader. Here it tells generators apart and
 * changes with the month, since the rest repeats every month. Within a generator the last two
 * parts, taken as one number, only grow, also when the clock is set back; so no two keys are equal.
 *
 * <p>Usable from any thread.
 */
public final class UniqueKeys {

  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final int COUNTER_BITS = 16;
  private static final int COUNTER_MASK = (1 << COUNTER_BITS) - 1;

  /** Odd, so that no two months of a generator give the same. */
  private static final int MONTH_STEP = 0x9E3779B1;

  private final InetAddress address;
  private final short processId;
  private final int generatorId;
  private final Clock clock;

  /** The last key's time in ms since 1970, and below it its counter. */
  private final AtomicLong last = new AtomicLong();

  private volatile Month month;

  /**
   * @param generatorId random, or anything else that differs among the generators of a process
   * @param clock gives the time, and the zone in which months begin; RocketMQ takes the system's
   */
  public UniqueKeys(InetAddress address, long processId, int generatorId, Clock clock) {
    this.address = address;
    this.processId = (short) processId;
    this.generatorId = generatorId;
    this.clock = clock;
    this.month = monthOf(clock.millis());
  }

  public String next() {
    long now = clock.millis() << COUNTER_BITS;
    long key = last.updateAndGet(previous -> Math.max(previous + 1, now));
    long millis = key >>> COUNTER_BITS;
    Month current = month;
    if (millis < current.startMillis || millis >= current.endMillis) {
      current = monthOf(millis);
      month = current;
    }
    StringBuilder text = new StringBuilder(current.prefix);
    text.append(HEX.toHexDigits((int) (millis - current.startMillis)));
    return text.append(HEX.toHexDigits((short) (key & COUNTER_MASK))).toString();
  }

  private Month monthOf(long millis) {
    ZoneId zone = clock.getZone();
    ZonedDateTime start =
        Instant.ofEpochMilli(millis).atZone(zone).truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
    int months = start.getYear() * 12 + start.getMonthValue();
    byte[] addressBytes = address.getAddress();
    ByteBuffer prefix =
        ByteBuffer.allocate(addressBytes.length + Short.BYTES + Integer.BYTES)
            .put(addressBytes)
            .putShort(processId)
            .putInt(generatorId + months * MONTH_STEP);
    return new Month(
        start.toInstant().toEpochMilli(),
        start.plusMonths(1).toInstant().toEpochMilli(),
        HEX.formatHex(prefix.array()));
  }

  /** What all keys of a month have in common. */
  private record Month(long startMillis, long endMillis, String prefix) {}
}
