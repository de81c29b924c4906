package io.moiety.broker.snapshot;

import io.moiety.broker.log.ForceFailedException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One file of small blocks for all views that have more than fits the heap. A block is written once
 * and stays as it is until it is released; what becomes of it then, {@link BlockIds} says. The file
 * grows block by block and is never sparse. One file for all, since a store has thousands of queues
 * of which most are short.
 *
 * <p>What was appended is readable at once: until it is in the file it is served from memory. It is
 * on the disk when {@link Capture#force} has returned.
 *
 * <p>Threads: {@link Capture#force} and {@link Capture#durable} the view thread; {@link #isBehind}
 * and {@link #bringToCache} any; everything else, {@link #read} too, the store turn, and before
 * there is one the thread that restores and replays.
 */
public final class BlockFile implements Closeable {

  /** What a block holds. */
  public static final int CONTENT_BYTES = BlockLayout.CONTENT_BYTES;

  static final String FILE_NAME = "blocks";

  /** Blocks that may wait to be written, 16 MiB; the disk must be full or dead by then. */
  static final int MAX_WAITING = 8 * 1024;

  /** Blocks kept after they were read or written, 8 MiB. */
  private static final int CACHED_BLOCKS = 4 * 1024;

  private final ViewFile file;
  private BlockIds ids;
  private final BlockCache cache = new BlockCache(CACHED_BLOCKS);
  private final ConcurrentMap<Integer, Waiting> waiting = new ConcurrentHashMap<>();
  private final Queue<Waiting> unwritten = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private Optional<Executor> viewThread = Optional.empty();
  private Consumer<String> damaged = what -> {};
  private volatile Optional<String> damage = Optional.empty();
  private volatile boolean dirty;
  private volatile boolean forceFailed;

  private record Waiting(int id, int owner, ByteBuffer content) {}

  private BlockFile(ViewFile file, int blocks) {
    this.file = file;
    this.ids = new BlockIds(blocks);
  }

  /**
   * Opens the file, made when there is none. All its blocks are free until {@link #retain}.
   *
   * @throws IOException when it cannot be opened
   */
  public static BlockFile open(ViewFiles files) throws IOException {
    ViewFile file = files.open(FILE_NAME);
    try {
      return new BlockFile(file, Math.toIntExact(file.sizeBytes() / BlockLayout.BLOCK_BYTES));
    } catch (IOException | ArithmeticException e) {
      file.close();
      throw e;
    }
  }

  /** A restore begins, anew if one failed half-way: all blocks are free, and nothing is known. */
  public void retainNothing() {
    ids = new BlockIds(ids.count());
    unwritten.clear();
    waiting.clear();
    cache.clear();
    damage = Optional.empty();
  }

  /**
   * During a restore: the block is in use since an earlier run.
   *
   * @throws IOException when the file has no such block, or it is named twice
   */
  public void retain(int id) throws IOException {
    if (!ids.retain(id)) {
      throw new IOException(
          "block %d of the file views/%s is named by a snapshot, but is not there or is named twice"
              .formatted(id, FILE_NAME));
    }
  }

  /**
   * From now on blocks are written by the view thread. Until then whoever appends writes them,
   * which is the thread of the replay.
   *
   * @param newViewThread runs a task that failed again after a while; tasks are few, each writes
   *     all that waits
   * @param newDamaged told what is wrong with a block that is not what was written, or not to be
   *     read
   */
  public void begin(Executor newViewThread, Consumer<String> newDamaged) {
    viewThread = Optional.of(newViewThread);
    damaged = newDamaged;
    if (!unwritten.isEmpty()) {
      schedule(newViewThread);
    }
  }

  /**
   * Keeps the content in a block of its own.
   *
   * @param owner told again at each {@link #read}; another one means another block
   * @param content from its position to its limit, at most {@link #CONTENT_BYTES}; copied
   * @return the block's number
   */
  public int append(int owner, ByteBuffer content) {
    ByteBuffer copy = ByteBuffer.allocate(CONTENT_BYTES).put(content.duplicate()).clear();
    Waiting block = new Waiting(ids.take(), owner, copy.asReadOnlyBuffer());
    waiting.put(block.id(), block);
    unwritten.add(block);
    viewThread.ifPresentOrElse(this::schedule, this::writeInReplay);
    return block.id();
  }

  /**
   * The content of a block, as appended and filled up with zeros; to be read by index.
   *
   * @throws BlockDamagedException when it is not what this owner appended
   * @throws UncheckedIOException when it cannot be read
   */
  public ByteBuffer read(int owner, int id) {
    Waiting unwrittenBlock = waiting.get(id);
    if (unwrittenBlock != null && unwrittenBlock.owner() == owner) {
      return unwrittenBlock.content();
    }
    return cache.find(owner, id).orElseGet(() -> load(owner, id));
  }

  /** Whether {@link #read} would not read the file. */
  public boolean isInMemory(int owner, int id) {
    return waiting.containsKey(id) || cache.find(owner, id).isPresent();
  }

  /**
   * Reads blocks and throws away what they hold, so that {@link #read} does not wait for the disk a
   * little later. It ends at one that cannot be read, which is told then. Any thread that may wait
   * itself.
   */
  public void bringToCache(Collection<Integer> blockIds) {
    ByteBuffer dropped = ByteBuffer.allocate(BlockLayout.BLOCK_BYTES);
    for (int id : blockIds) {
      try {
        file.read(BlockLayout.indexOf(id), dropped.clear());
      } catch (IOException toldWhenItIsNeeded) {
        return;
      }
    }
  }

  /** The block is not needed any more by the present state; snapshots may still name it. */
  public void release(int id) {
    ids.release(id);
    cache.remove(id);
  }

  /** At a snapshot's position: what a section that names blocks needs of them. */
  public Capture capture() {
    return new Capture(ids.capture());
  }

  /** True when the disk takes so little that no more messages should be accepted. Any thread. */
  public boolean isBehind() {
    return waiting.size() >= MAX_WAITING;
  }

  /** What was wrong with a block that was to be read, since the last {@link #retainNothing}. */
  public Optional<String> damage() {
    return damage;
  }

  /** Blocks that are free to be written over now. */
  public int freeCount() {
    return ids.freeCount();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** One view's hold on the blocks that its section names. Used by the view thread. */
  public final class Capture {
    private final long number;

    private Capture(long number) {
      this.number = number;
    }

    /**
     * When this returns, every block that was appended before the capture is on the disk.
     *
     * @throws ForceFailedException when it is not, for good
     * @throws IOException when a block cannot be written now
     */
    public void force() throws IOException {
      if (forceFailed) {
        throw new ForceFailedException(
            "views/" + FILE_NAME, new IOException("an earlier force failed"));
      }
      writeWaiting();
      if (dirty) {
        dirty = false;
        forceWritten();
      }
    }

    /** The snapshot is durable, and older ones are not used any more. */
    public void durable() {
      ids.durable(number);
    }
  }

  private void forceWritten() throws IOException {
    try {
      file.force();
    } catch (IOException e) {
      forceFailed = true;
      throw e;
    }
  }

  private void schedule(Executor thread) {
    if (scheduled.compareAndSet(false, true)) {
      thread.execute(this::writeScheduled);
    }
  }

  private void writeScheduled() {
    scheduled.set(false);
    try {
      writeWaiting();
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** A start goes on with a full disk, so that room can be made, as far as memory is to spare. */
  private void writeInReplay() {
    try {
      writeWaiting();
    } catch (IOException e) {
      if (isBehind()) {
        throw new UncheckedIOException(
            "views/%s cannot be written, and %d blocks wait for it: make room on the disk. %s"
                .formatted(FILE_NAME, waiting.size(), e.getMessage()),
            e);
      }
    }
  }

  private void writeWaiting() throws IOException {
    for (Waiting next = unwritten.peek(); next != null; next = unwritten.peek()) {
      dirty = true;
      file.write(BlockLayout.indexOf(next.id()), BlockLayout.seal(next.owner(), next.content()));
      cache.put(next.owner(), next.id(), next.content());
      waiting.remove(next.id(), next);
      unwritten.remove();
    }
  }

  private ByteBuffer load(int owner, int id) {
    try {
      ByteBuffer content = BlockLayout.open(owner, id, readBlock(id));
      cache.put(owner, id, content);
      return content;
    } catch (BlockDamagedException | UncheckedIOException e) {
      String what = String.valueOf(e.getMessage());
      damage = Optional.of(what);
      damaged.accept(what);
      throw e;
    }
  }

  private ByteBuffer readBlock(int id) {
    ByteBuffer block = ByteBuffer.allocate(BlockLayout.BLOCK_BYTES);
    try {
      file.read(BlockLayout.indexOf(id), block);
      return block;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "block %d of the file views/%s cannot be read: %s"
              .formatted(id, FILE_NAME, e.getMessage()),
          e);
    }
  }
}
