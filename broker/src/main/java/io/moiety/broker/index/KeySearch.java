package io.moiety.broker.index;

import io.moiety.broker.store.Carried;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.SystemTopics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Finds messages by a key, or by the position that clients know: asks the index where they may be,
 * and reads the records to see whether they are.
 *
 * <p>Usable by any thread but an application's, since it reads files. No state of its own.
 */
public final class KeySearch {

  /** Records read for one search; a key that more messages have is found in the newest only. */
  static final int MAX_RECORDS_READ = 4096;

  /** An answer has one message at least, however large. */
  static final int MAX_ANSWER_BYTES = 8 * 1024 * 1024;

  private final KeyIndex index;
  private final LongFunction<Optional<RecordView>> records;
  private final LongSupplier servedPosition;

  /**
   * A search over an index and its log.
   *
   * @param records the record at a position, empty when there is none any more
   * @param servedPosition how far the log may be seen
   */
  public KeySearch(
      KeyIndex index, LongFunction<Optional<RecordView>> records, LongSupplier servedPosition) {
    this.index = index;
    this.records = records;
    this.servedPosition = servedPosition;
  }

  /** The newest messages that fit, in the order of the log. */
  public List<RecordView> find(KeyQuery query) {
    Collecting collecting = new Collecting(query, servedPosition.getAsLong());
    index.newestFirst(query.topic(), query.key(), collecting);
    Collections.reverse(collecting.found);
    return collecting.found;
  }

  /**
   * The newest message to a topic with this unique key, also one that waits for its time, whatever
   * else has the same text among its keys.
   *
   * @param endPosition how far the log may be seen, as the caller knows; what is published of that
   *     may be less for a moment
   */
  public Optional<RecordView> findSent(String topic, String uniqueKey, long endPosition) {
    return newest(
            visitor -> index.newestFirst(topic, uniqueKey, visitor),
            endPosition,
            record -> isSent(record, topic, uniqueKey))
        .or(
            () ->
                newest(
                    visitor -> index.delayedNewestFirst(uniqueKey, visitor),
                    endPosition,
                    record -> isDelayed(record, topic, uniqueKey)));
  }

  private Optional<RecordView> newest(
      Consumer<PositionVisitor> positions, long endPosition, Predicate<RecordView> wanted) {
    List<RecordView> found = new ArrayList<>(1);
    Set<Long> seen = new HashSet<>();
    positions.accept(
        position -> {
          if (position < endPosition && seen.add(position)) {
            records.apply(position).filter(wanted).ifPresent(found::add);
          }
          return found.isEmpty() && seen.size() < MAX_RECORDS_READ;
        });
    return found.stream().findFirst();
  }

  private static boolean isSent(RecordView record, String topic, String uniqueKey) {
    return record.topic().equals(topic)
        && record.property(PropertyNames.UNIQUE_KEY).equals(Optional.of(uniqueKey));
  }

  /**
   * The record that clients know by a position: it lies there, or where it was carried to since.
   * Empty when there is none any more, or none yet that may be seen.
   */
  public Optional<RecordView> findAt(long position) {
    long endPosition = servedPosition.getAsLong();
    if (position < 0 || position >= endPosition) {
      return Optional.empty();
    }
    Optional<RecordView> there = records.apply(position);
    return there.isPresent() ? there : findCopy(position, endPosition);
  }

  /**
   * The records of delayed messages to a topic that wait or waited, by their unique key: several
   * when a send was repeated, at most so many, the newest first.
   */
  public List<RecordView> findDelayed(String topic, String uniqueKey, int limit) {
    long endPosition = servedPosition.getAsLong();
    Map<Long, RecordView> byOrigin = new LinkedHashMap<>();
    Set<Long> seen = new HashSet<>();
    index.delayedNewestFirst(
        uniqueKey,
        position -> {
          if (position < endPosition && seen.add(position)) {
            records
                .apply(position)
                .filter(record -> isDelayed(record, topic, uniqueKey))
                .ifPresent(
                    record -> byOrigin.putIfAbsent(Carried.origin(record).position(), record));
          }
          return byOrigin.size() < limit && seen.size() < MAX_RECORDS_READ;
        });
    return List.copyOf(byOrigin.values());
  }

  private static boolean isDelayed(RecordView record, String topic, String uniqueKey) {
    boolean waits =
        record.topic().equals(SystemTopics.TIMER) || record.topic().equals(SystemTopics.SCHEDULE);
    return waits
        && record.property(PropertyNames.REAL_TOPIC).equals(Optional.of(topic))
        && record.property(PropertyNames.UNIQUE_KEY).equals(Optional.of(uniqueKey));
  }

  private Optional<RecordView> findCopy(long originPosition, long endPosition) {
    List<RecordView> found = new ArrayList<>(1);
    index.copiesNewestFirst(
        originPosition,
        position -> {
          if (position < endPosition) {
            records
                .apply(position)
                .filter(record -> Carried.origin(record).position() == originPosition)
                .ifPresent(found::add);
          }
          return found.isEmpty();
        });
    return found.stream().findFirst();
  }

  private final class Collecting implements PositionVisitor {
    private final KeyQuery query;
    private final long endPosition;
    private final List<RecordView> found = new ArrayList<>();

    /** A key named twice is two pairs, and a carried copy stands for its original. */
    private final Set<Long> seen = new HashSet<>();

    private long bytes;
    private int read;

    Collecting(KeyQuery query, long endPosition) {
      this.query = query;
      this.endPosition = endPosition;
    }

    @Override
    public boolean visit(long position) {
      if (position >= endPosition || !seen.add(position)) {
        return true;
      }
      read++;
      Optional<RecordView> record = records.apply(position);
      if (record.isEmpty()) {
        return read < MAX_RECORDS_READ;
      }
      // Store times never go back, and a carried copy's original is older than the copy.
      return record.get().storeTimestampMillis() >= query.fromMillis()
          && take(record.get())
          && found.size() < query.maxMessages()
          && read < MAX_RECORDS_READ;
    }

    /** False when the record is one of them and the answer has no room for it. */
    private boolean take(RecordView record) {
      Carried origin = Carried.origin(record);
      boolean repeated = origin.position() != record.position() && !seen.add(origin.position());
      if (repeated || !query.matches(record, origin.storeTimestampMillis())) {
        return true;
      }
      if (!found.isEmpty() && bytes + record.sizeBytes() > MAX_ANSWER_BYTES) {
        return false;
      }
      found.add(record);
      bytes += record.sizeBytes();
      return true;
    }
  }
}
