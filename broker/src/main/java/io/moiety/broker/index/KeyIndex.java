package io.moiety.broker.index;

import io.moiety.broker.log.ForceFailedException;
import io.moiety.broker.snapshot.Section;
import io.moiety.broker.snapshot.StoredView;
import io.moiety.broker.snapshot.ViewFiles;
import io.moiety.broker.store.LoggedRecord;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.SysFlag;
import io.moiety.protocol.SystemTopics;
import java.io.DataInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The view of the keys of all messages that clients can see, of the unique keys of delayed ones,
 * and of where records were before they were carried forward. Pairs of a key's hash and a position
 * are collected on the heap; a full buffer becomes a sorted file. A snapshot names the files and
 * holds the pairs of the buffer, so a broker with few messages has no file.
 *
 * <p>Owner: the store turn. {@link #newestFirst} is for any thread but an application's; files are
 * written by the view thread ({@link RunKeeper}).
 */
public final class KeyIndex implements StoredView, AutoCloseable {
  private static final int RUN_PAIRS = 128 * 1024;
  private static final int MERGED_RUNS = 8;
  private static final int SIZE_CLASSES = 4;

  /** These are 16 MiB of heap. */
  static final int MAX_WAITING_BUFFERS = 8;

  /** A message with more would make the index larger than the log. */
  static final int MAX_KEYS_PER_MESSAGE = 128;

  private final ViewFiles files;

  /** Until the broker runs, the thread that restores and replays writes the files itself. */
  private volatile Optional<Executor> viewThread = Optional.empty();

  private final KeyHash hash;
  private final int runPairs;
  private final SharedParts parts;
  private final RunKeeper keeper;
  private final PartsSearch search;
  private PairBuffer filling;
  private long keptFrom;
  private volatile long lastPosition = -1;
  private volatile long lastTimestampMillis;

  KeyIndex(ViewFiles files, KeyHash hash, MergePolicy policy) {
    this.files = files;
    this.hash = hash;
    this.runPairs = policy.runPairs();
    this.filling = new PairBuffer(runPairs);
    this.parts = new SharedParts(new IndexParts(List.of(), List.of(), filling));
    this.keeper = new RunKeeper(files, parts, policy);
    this.search =
        new PartsSearch(
            parts, damage -> viewThread.orElse(Runnable::run).execute(() -> keeper.drop(damage)));
  }

  /** An index without messages. */
  public static KeyIndex empty(ViewFiles files) {
    return new KeyIndex(
        files, KeyHash::standard, new MergePolicy(RUN_PAIRS, MERGED_RUNS, SIZE_CLASSES));
  }

  @Override
  public void applyMessage(LoggedRecord record) {
    if (record.isCarried()) {
      add(originHash(record.origin().position()), record.position());
    }
    Optional<String> uniqueKey = record.properties().get(PropertyNames.UNIQUE_KEY);
    if (isHalf(record)) {
      uniqueKey.ifPresent(key -> add(hash.of(record.topic(), key), record.position()));
    } else if (isDelayed(record)) {
      uniqueKey.ifPresent(key -> add(delayedHash(key), record.position()));
    }
    if (!isSeen(record)) {
      return;
    }
    uniqueKey.ifPresent(key -> add(hash.of(record.topic(), key), record.position()));
    Optional<String> keys = record.properties().get(PropertyNames.KEYS);
    if (keys.isPresent()) {
      Keys.each(
          keys.get(),
          MAX_KEYS_PER_MESSAGE,
          key -> add(hash.of(record.topic(), key), record.position()));
    }
    if (uniqueKey.isPresent() || keys.isPresent()) {
      lastTimestampMillis = record.storeTimestampMillis();
      lastPosition = record.position();
    }
  }

  /** Clients know a carried message by the position where it was first; no topic has this name. */
  private long originHash(long originPosition) {
    return hash.of(PropertyNames.CARRIED, Long.toString(originPosition));
  }

  /** Its producer may ask what became of it; what a branch sends is known by the branch. */
  private static boolean isHalf(LoggedRecord record) {
    return record.topic().equals(SystemTopics.HALF)
        && !record.properties().has(PropertyNames.BRANCH_INCARNATION);
  }

  /**
   * Nobody sees a delayed message by its key, but who cancels it finds it; no topic has this name.
   */
  private long delayedHash(String uniqueKey) {
    return hash.of(PropertyNames.DUE_OF, uniqueKey);
  }

  private static boolean isDelayed(LoggedRecord record) {
    return record.topic().equals(SystemTopics.SCHEDULE)
        || record.topic().equals(SystemTopics.TIMER);
  }

  private static boolean isSeen(LoggedRecord record) {
    int transaction = SysFlag.transactionPart(record.sysFlag());
    return !SystemTopics.isInternal(record.topic())
        && (transaction == SysFlag.TRANSACTION_NONE || transaction == SysFlag.TRANSACTION_COMMIT);
  }

  private void add(long keyHash, long position) {
    filling.add(keyHash, position);
    if (filling.isFull()) {
      PairBuffer full = filling;
      filling = new PairBuffer(runPairs);
      parts.change(before -> before.filled(filling));
      viewThread.ifPresentOrElse(
          thread -> thread.execute(() -> keeper.write(full)), () -> writeInReplay(full));
    }
  }

  /** A start goes on with a full disk, so that room can be made, as far as memory is to spare. */
  private void writeInReplay(PairBuffer full) {
    try {
      keeper.write(full);
    } catch (UncheckedIOException unwritten) {
      if (isBehind() || unwritten.getCause() instanceof ForceFailedException) {
        throw unwritten;
      }
    }
  }

  /** Too much waits to be written: no message is to be stored until it is. */
  public boolean isBehind() {
    return parts.get().full().size() >= MAX_WAITING_BUFFERS;
  }

  @Override
  public void forgetBefore(long firstPosition) {
    keptFrom = firstPosition;
    viewThread.orElse(Runnable::run).execute(() -> keeper.forgetBefore(firstPosition));
  }

  /**
   * After the start's replay: from now on the files are this thread's, which runs a task again that
   * could not write. Files that the snapshot does not name are deleted.
   *
   * @param damaged told, on that thread, what is wrong with a file that is not what was written
   */
  public void begin(Executor newViewThread, Consumer<String> damaged) {
    viewThread = Optional.of(newViewThread);
    newViewThread.execute(() -> keeper.begin(newViewThread, damaged));
    if (!parts.get().full().isEmpty()) {
      newViewThread.execute(keeper::writeAll);
    }
  }

  /** Position of the last message with a key, or -1. Any thread. */
  public long lastPosition() {
    return lastPosition;
  }

  /** Store time of the last message with a key, or 0. Any thread. */
  public long lastTimestampMillis() {
    return lastTimestampMillis;
  }

  /**
   * Shows the positions at which a message may have the key, until the visitor has seen enough. May
   * read files.
   */
  void newestFirst(String topic, String key, PositionVisitor visitor) {
    search.newestFirst(hash.of(topic, key), visitor);
  }

  /** As above, the positions at which a copy of the record may lie that was first at this one. */
  void copiesNewestFirst(long originPosition, PositionVisitor visitor) {
    search.newestFirst(originHash(originPosition), visitor);
  }

  /** As above, the positions at which a delayed message may wait, or have waited. */
  void delayedNewestFirst(String uniqueKey, PositionVisitor visitor) {
    search.newestFirst(delayedHash(uniqueKey), visitor);
  }

  /** Where messages are not found by key until the next start; empty when there is no such gap. */
  public Optional<String> gaps() {
    return keeper.gaps();
  }

  /** Every pair that may still lead to a record, in the order of the hashes. Reads all files. */
  @Override
  public Object state() {
    IndexParts all = parts.get();
    List<List<Long>> pairs = new ArrayList<>();
    PairVisitor kept =
        (keyHash, position) -> {
          if (position >= keptFrom) {
            pairs.add(List.of(keyHash, position));
          }
        };
    try {
      for (KeyRun run : all.runs()) {
        run.all(kept);
      }
    } catch (IOException damage) {
      throw new UncheckedIOException(damage);
    }
    all.full().forEach(buffer -> buffer.all(kept));
    all.filling().all(kept);
    pairs.sort(
        Comparator.<List<Long>>comparingLong(pair -> pair.get(0))
            .thenComparing(pair -> pair.get(1)));
    return pairs;
  }

  @Override
  public String sectionName() {
    return "keys";
  }

  @Override
  public int sectionVersion() {
    return 2;
  }

  @Override
  public Section capture() {
    KeySection captured = new KeySection(parts, keeper, lastPosition, lastTimestampMillis);
    viewThread.orElse(Runnable::run).execute(captured::fixRuns);
    return captured;
  }

  @Override
  public void restore(DataInput section) throws IOException {
    try {
      lastPosition = section.readLong();
      lastTimestampMillis = section.readLong();
      int runs = section.readInt();
      for (int i = 0; i < runs; i++) {
        KeyRun run = KeyRun.open(files, section.readLong(), section.readLong());
        parts.change(before -> before.restored(run));
      }
      long pairs = section.readLong();
      for (long i = 0; i < pairs; i++) {
        add(section.readLong(), section.readLong());
      }
    } catch (IOException | RuntimeException failure) {
      close();
      throw failure;
    }
  }

  /** Files that a search may have to look into. */
  int runCount() {
    return parts.get().runs().size();
  }

  /** Closes the files. No reader and no view thread is there any more. */
  @Override
  public void close() {
    IndexParts last = parts.change(now -> new IndexParts(List.of(), now.full(), filling));
    last.runs().forEach(PartsSearch::release);
  }
}
