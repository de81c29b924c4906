package io.moiety.broker.retention;

import io.moiety.protocol.RecordView;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;

/** The records that a test needs. */
final class Needed implements LiveRecords {
  private final TreeMap<Long, Integer> sizeByPosition = new TreeMap<>();
  private boolean pinned;
  private boolean oneATime;
  private boolean damaged;
  int looks;

  /** Those that were needed when they were looked at, and are not any more. */
  final Set<Long> dead = new HashSet<>();

  void add(long position, int sizeBytes) {
    sizeByPosition.put(position, sizeBytes);
  }

  /** Something is needed that cannot be copied. */
  void pin() {
    pinned = true;
  }

  void clear() {
    sizeByPosition.clear();
    pinned = false;
  }

  /** Looks cannot tell what is needed: only the records can. */
  void damage() {
    damaged = true;
  }

  void lookAtOneATime() {
    oneATime = true;
  }

  @Override
  public LiveLook look(long endPosition) {
    Queue<Map.Entry<Long, Integer>> left =
        new ArrayDeque<>(sizeByPosition.headMap(endPosition).entrySet());
    boolean pins = pinned;
    return live -> {
      looks++;
      if (pins) {
        live.pin();
      }
      if (damaged) {
        live.cannotTell();
        return true;
      }
      do {
        Map.Entry<Long, Integer> next = left.poll();
        if (next == null) {
          return true;
        }
        live.add(next.getKey(), next.getValue());
      } while (!oneATime && !live.isFull());
      return false;
    };
  }

  @Override
  public boolean needs(RecordView record) {
    return sizeByPosition.containsKey(record.position());
  }

  @Override
  public boolean isLive(RecordView record) {
    return !dead.contains(record.position());
  }
}
