package io.moiety.broker.transaction;

import io.moiety.broker.retention.LiveLook;
import io.moiety.broker.retention.LiveSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Half messages in one state, by position and by when their producers are to be asked. In chunks of
 * arrays, so that five million take about 270 MB, and a snapshot takes the chunks and not the half
 * messages; who looks for what is due, or lies at the log's beginning, passes over chunks where
 * nothing is.
 *
 * <p>Separate from {@link HalfMessages}, which knows what records mean, and from the policy of
 * checks.
 *
 * <p>Owner: the store turn.
 */
final class HalfTable {
  /** Some hundred microseconds of the turn. */
  private static final int CHUNKS_LOOKED_AT_PER_RUN = 128;

  /** In the order of the positions; none is empty. */
  private final List<HalfChunk> chunks = new ArrayList<>();

  /** The one name of each producer group that all its half messages share, with their count. */
  private final Map<String, GroupName> names = new HashMap<>();

  private int count;

  /** Nobody is to be asked before. */
  private long soonestAskMillis = Long.MAX_VALUE;

  /** Where the search for those that are due goes on, so that all have their turn. */
  private int nextDueChunk;

  private static final class GroupName {
    private final String name;
    private int halves;

    GroupName(String name) {
      this.name = name;
    }
  }

  int count() {
    return count;
  }

  int chunkCount() {
    return chunks.size();
  }

  Optional<HalfMessage> find(long position) {
    int number = chunkOf(position);
    if (number < 0) {
      return Optional.empty();
    }
    HalfChunk chunk = chunks.get(number);
    int index = chunk.indexOf(position);
    return index < 0 ? Optional.empty() : Optional.of(chunk.at(index));
  }

  /** Takes one in, or what is new of it. */
  void put(HalfMessage half) {
    soonestAskMillis = Math.min(soonestAskMillis, half.askMillis());
    if (isBehindAll(half.position())) {
      append(half.ofGroup(use(half.producerGroup())));
      return;
    }
    int number = chunkOf(half.position());
    int index = number < 0 ? -1 : chunks.get(number).indexOf(half.position());
    if (index >= 0) {
      HalfChunk chunk = chunks.get(number);
      chunk.replace(index, half.ofGroup(chunk.at(index).producerGroup()));
    } else {
      insert(half.ofGroup(use(half.producerGroup())));
    }
  }

  private boolean isBehindAll(long position) {
    return chunks.isEmpty() || position > last().lastPosition();
  }

  private HalfChunk last() {
    return chunks.get(chunks.size() - 1);
  }

  /** What nearly all are that come: the newest, and what a snapshot brings. */
  private void append(HalfMessage half) {
    if (chunks.isEmpty()) {
      chunks.add(new HalfChunk());
    } else if (last().isFull()) {
      chunks.add(last().successor());
    }
    last().insert(last().count(), half);
    count++;
  }

  private void insert(HalfMessage half) {
    HalfChunk chunk = chunkWithRoom(half.position());
    chunk.insert(-chunk.indexOf(half.position()) - 1, half);
    count++;
  }

  /** The chunk where a new one belongs that is not behind all, with room for it. */
  private HalfChunk chunkWithRoom(long position) {
    int number = Math.max(0, chunkOf(position));
    HalfChunk chunk = chunks.get(number);
    if (!chunk.isFull()) {
      return chunk;
    }
    HalfChunk upper = chunk.split();
    chunks.add(number + 1, upper);
    return position > upper.firstPosition() ? upper : chunk;
  }

  /** It is resolved, or gone. */
  Optional<HalfMessage> remove(long position) {
    Optional<HalfMessage> found = find(position);
    found.ifPresent(this::remove);
    return found;
  }

  private void remove(HalfMessage half) {
    int number = chunkOf(half.position());
    HalfChunk chunk = chunks.get(number);
    chunk.remove(chunk.indexOf(half.position()));
    release(half.producerGroup());
    count--;
    if (chunk.count() == 0) {
      chunks.remove(number);
    } else {
      mergeSmall(number);
      mergeSmall(number - 1);
    }
  }

  /** Makes one of a chunk and the next, when that is still half empty. */
  private void mergeSmall(int number) {
    if (number < 0 || number + 1 >= chunks.size()) {
      return;
    }
    HalfChunk chunk = chunks.get(number);
    if (chunk.count() + chunks.get(number + 1).count() <= HalfChunk.MAX_HALVES / 2) {
      HalfChunk next = chunks.remove(number + 1);
      for (int index = 0; index < next.count(); index++) {
        chunk.insert(chunk.count(), next.at(index));
      }
    }
  }

  /** Its producers are asked later in this run than the log says. */
  void putOff(long position, long askMillis) {
    int number = chunkOf(position);
    int index = number < 0 ? -1 : chunks.get(number).indexOf(position);
    if (index >= 0) {
      chunks.get(number).putOff(index, askMillis);
    }
  }

  /** When one may be due, or later: {@link #dueUntil} tells. The greatest number when none is. */
  long soonestAskMillis() {
    return count == 0 ? Long.MAX_VALUE : soonestAskMillis;
  }

  /** Those to be asked about until then, at most so many: going round, all of them have a turn. */
  List<HalfMessage> dueUntil(long millis, int limit) {
    if (soonestAskMillis() > millis) {
      return List.of();
    }
    List<HalfMessage> due = new ArrayList<>();
    long soonest = Long.MAX_VALUE;
    int first = nextDueChunk;
    for (int i = 0; i < chunks.size(); i++) {
      int number = (first + i) % chunks.size();
      HalfChunk chunk = chunks.get(number);
      if (chunk.soonestAskMillis() <= millis) {
        chunk.measure();
        chunk.addDue(millis, limit, due);
      }
      if (due.size() == limit) {
        nextDueChunk = number + 1;
        return due;
      }
      soonest = Math.min(soonest, chunk.soonestAskMillis());
    }
    soonestAskMillis = soonest;
    return due;
  }

  /** Those from a position on, in order, at most so many. */
  List<HalfMessage> from(long position, int limit) {
    List<HalfMessage> found = new ArrayList<>();
    for (int number = Math.max(0, chunkOf(position)); number < chunks.size(); number++) {
      HalfChunk chunk = chunks.get(number);
      int index = chunk.indexOf(position);
      for (int at = index < 0 ? -index - 1 : index; at < chunk.count(); at++) {
        if (found.size() == limit) {
          return found;
        }
        found.add(chunk.at(at));
      }
    }
    return found;
  }

  /** Drops those whose records are gone. */
  void forgetBefore(long firstPosition) {
    List<HalfMessage> gone = new ArrayList<>();
    for (HalfChunk chunk : chunks) {
      addStoredBefore(firstPosition, chunk, gone::add);
    }
    gone.forEach(this::remove);
  }

  private static void addStoredBefore(
      long endPosition, HalfChunk chunk, Consumer<HalfMessage> sink) {
    if (chunk.leastStoredPosition() >= endPosition) {
      return;
    }
    chunk.measure();
    for (int index = 0;
        chunk.leastStoredPosition() < endPosition && index < chunk.count();
        index++) {
      HalfMessage half = chunk.at(index);
      if (half.storedPosition() < endPosition) {
        sink.accept(half);
      }
    }
  }

  LiveLook look(long endPosition) {
    return new Look(endPosition);
  }

  /** Goes from chunk to chunk; what is put in before the place where it is lies behind the end. */
  private final class Look implements LiveLook {
    private final long endPosition;
    private long nextPosition;

    Look(long endPosition) {
      this.endPosition = endPosition;
    }

    @Override
    public boolean goOn(LiveSet live) {
      int number = Math.max(0, chunkOf(nextPosition));
      for (int left = CHUNKS_LOOKED_AT_PER_RUN; left > 0 && number < chunks.size(); left--) {
        HalfChunk chunk = chunks.get(number);
        addStoredBefore(
            endPosition, chunk, half -> live.add(half.storedPosition(), half.sizeBytes()));
        nextPosition = chunk.lastPosition() + 1;
        number++;
        if (live.isFull()) {
          return false;
        }
      }
      return number >= chunks.size();
    }
  }

  /** All chunks as the log says that they are; takes as long as there are chunks. */
  List<HalfChunk.Captured> capture() {
    return chunks.stream().map(HalfChunk::capture).toList();
  }

  /** The last chunk that begins at or before a position, or -1. */
  private int chunkOf(long position) {
    int low = 0;
    int high = chunks.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (chunks.get(middle).firstPosition() <= position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private String use(String group) {
    GroupName name = names.computeIfAbsent(group, GroupName::new);
    name.halves++;
    return name.name;
  }

  private void release(String group) {
    GroupName name = names.get(group);
    if (name != null) {
      name.halves--;
      if (name.halves == 0) {
        names.remove(group);
      }
    }
  }
}
