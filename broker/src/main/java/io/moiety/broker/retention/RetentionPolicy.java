package io.moiety.broker.retention;

import io.moiety.broker.log.DiskSpace;
import io.moiety.broker.log.SegmentInfo;
import java.util.Optional;

/** Decides, by age and by what the disk has left. Pure. */
public final class RetentionPolicy {
  private final RetentionSettings settings;

  public RetentionPolicy(RetentionSettings settings) {
    this.settings = settings;
  }

  /** Records that are carried forward in one go. */
  int carriedPerRun() {
    return settings.carriedPerRun();
  }

  /** Why the oldest segment may go; empty while it stays. */
  Optional<String> mayGo(SegmentInfo oldest, long retainedBytes, DiskSpace space, long nowMillis) {
    if (oldest.greatestStoreTimestampMillis() < nowMillis - settings.reservedMillis()) {
      return Optional.of("it is older than fileReservedTime");
    }
    if (usedPercent(space) >= settings.forcedCleanPercent()) {
      return Optional.of(
          "%d %% of the disk are used (diskSpaceCleanForciblyRatio is %d)"
              .formatted(usedPercent(space), settings.forcedCleanPercent()));
    }
    if (retainedBytes > settings.maxStoreBytes()) {
      return Optional.of(
          "the log has %d bytes (maxStoreBytes is %d)"
              .formatted(retainedBytes, settings.maxStoreBytes()));
    }
    return Optional.empty();
  }

  /** Why producers are refused whatever the log could delete; empty while they are not. */
  Optional<String> refusal(DiskSpace space) {
    if (usedPercent(space) >= settings.warningPercent()) {
      return Optional.of(
          "%d %% of the broker's disk are used, %d bytes are free; messages are taken below %d %% (diskSpaceWarningLevelRatio): free space or let consumers catch up"
              .formatted(usedPercent(space), space.usableBytes(), settings.warningPercent()));
    }
    return Optional.empty();
  }

  /** Why producers are refused when no room can be prepared for the log. */
  String refusalWhenStuck(String obstacle) {
    return "no room can be prepared for the broker's log (%s): make room on its disk"
        .formatted(obstacle);
  }

  /** Why producers are refused when the oldest segment is needed; empty while they are not. */
  Optional<String> refusalWhilePinned(long retainedBytes) {
    return retainedBytes <= settings.maxStoreBytes()
        ? Optional.empty()
        : Optional.of(
            "the broker's log has %d bytes, which what is still needed of it keeps above maxStoreBytes (%d): let consumers catch up, end open transactions, or raise it"
                .formatted(retainedBytes, settings.maxStoreBytes()));
  }

  private static long usedPercent(DiskSpace space) {
    long usedBytes = space.totalBytes() - space.usableBytes();
    return space.totalBytes() <= 0 ? 0 : usedBytes / Math.max(1, space.totalBytes() / 100);
  }
}
