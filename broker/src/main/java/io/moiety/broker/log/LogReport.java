package io.moiety.broker.log;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an inspection found.
 *
 * @param holder the broker that seems to have the store open: then the end of the log moves, and
 *     may look torn
 * @param segments the files of the log
 * @param firstPosition where the log begins
 * @param endPosition where it ends: behind the last valid record that is not cut off
 * @param durablePosition the durable hint, if there is one: everything before it was forced
 * @param records how many valid records there are
 * @param recordBytes their size
 * @param tornTail what lies at the end of the log instead of nothing. Normal after a crash; a start
 *     clears it
 * @param damages the first {@value #MOST_DAMAGES} damaged places; empty for a healthy log
 * @param damageCount how many there are in all
 */
public record LogReport(
    Optional<StoreHolder> holder,
    List<SegmentInfo> segments,
    long firstPosition,
    long endPosition,
    OptionalLong durablePosition,
    long records,
    long recordBytes,
    Optional<String> tornTail,
    List<LogDamage> damages,
    long damageCount) {

  public static final int MOST_DAMAGES = 1_000;

  public LogReport {
    segments = List.copyOf(segments);
    damages = List.copyOf(damages);
  }

  /** Whether a broker would start on it and serve all of it. */
  public boolean healthy() {
    return damageCount == 0;
  }
}
