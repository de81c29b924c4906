package io.moiety.broker.index;

import io.moiety.broker.snapshot.ViewFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Makes one run of several that follow each other, a slice at a time, since the thread that does it
 * has more urgent work too. Pairs before the first position of the log are left out.
 *
 * <p>Confined to the view thread.
 */
final class RunMerge implements Closeable {
  private static final int PAIRS_PER_SLICE = 32 * 1024;
  private static final String UNFINISHED = RunFormat.UNFINISHED + "-merge";

  private final List<KeyRun> sources;
  private final long keptFrom;
  private final RunWriter writer;
  private final PriorityQueue<Cursor> cursors =
      new PriorityQueue<>(
          Comparator.comparingLong(Cursor::hash).thenComparingLong(Cursor::position));
  private long written;

  private RunMerge(List<KeyRun> sources, long keptFrom, RunWriter writer) {
    this.sources = sources;
    this.keptFrom = keptFrom;
    this.writer = writer;
  }

  /**
   * Begins a merge.
   *
   * @param sources in the order of the log
   * @param keptFrom first position of the log; the last source reaches beyond it
   */
  static RunMerge open(ViewFiles files, List<KeyRun> sources, long keptFrom) throws IOException {
    RunWriter writer =
        RunWriter.open(
            files,
            UNFINISHED,
            sources.get(0).firstPosition(),
            sources.get(sources.size() - 1).endPosition());
    RunMerge merge = new RunMerge(List.copyOf(sources), keptFrom, writer);
    try {
      for (KeyRun source : sources) {
        merge.cursors.add(new Cursor(source));
      }
      return merge;
    } catch (IOException | RuntimeException failure) {
      writer.close();
      throw failure;
    }
  }

  List<KeyRun> sources() {
    return sources;
  }

  /** Merges some more; true when everything is written and only the force is missing. */
  boolean slice() throws IOException {
    for (int i = 0; i < PAIRS_PER_SLICE; i++) {
      Cursor least = cursors.poll();
      if (least == null) {
        writer.complete();
        return true;
      }
      if (least.position() >= keptFrom) {
        writer.add(least.hash(), least.position());
        written++;
      }
      if (least.next()) {
        cursors.add(least);
      }
    }
    return false;
  }

  /** True when every pair was before the first position: there is nothing to publish. */
  boolean isEmpty() {
    return written == 0;
  }

  /** Forces the new run and gives it its name. */
  KeyRun publish() throws IOException {
    return writer.publish(UNFINISHED);
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  /** Where the merge is in one of its sources. */
  private static final class Cursor {
    private final KeyRun run;
    private ByteBuffer block;
    private int nextBlock = 1;

    Cursor(KeyRun run) throws IOException {
      this.run = run;
      this.block = run.block(0);
    }

    long hash() {
      return block.getLong(block.position());
    }

    long position() {
      return block.getLong(block.position() + Long.BYTES);
    }

    boolean next() throws IOException {
      block.position(block.position() + RunFormat.PAIR_BYTES);
      if (block.hasRemaining()) {
        return true;
      }
      if (nextBlock == run.blocks()) {
        return false;
      }
      block = run.block(nextBlock);
      nextBlock++;
      return true;
    }
  }
}
