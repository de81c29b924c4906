package io.moiety.broker.delay;

import io.moiety.broker.snapshot.BlockFile;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Blocks of runs that nobody reads any more. A merged run leaves a hundred thousand behind, so they
 * are given back a few at a time. A snapshot does not name them, so a start has them free anyway.
 *
 * <p>Owner: the store turn.
 */
final class RunReleases {
  private final BlockFile blocks;
  private final Deque<Part> parts = new ArrayDeque<>();

  private record Part(TimerRun run, int fromBlock, int endBlock) {}

  RunReleases(BlockFile blocks) {
    this.blocks = blocks;
  }

  /** Blocks that no reader will come to any more. */
  void add(TimerRun run, int fromBlock, int endBlock) {
    if (fromBlock < endBlock) {
      parts.add(new Part(run, fromBlock, endBlock));
    }
  }

  /** Gives at most so many blocks back. */
  void goOn(int count) {
    int left = count;
    while (left > 0 && !parts.isEmpty()) {
      Part part = parts.remove();
      int end = Math.min(part.endBlock(), part.fromBlock() + left);
      part.run().release(blocks, part.fromBlock(), end);
      left -= end - part.fromBlock();
      if (end < part.endBlock()) {
        parts.addFirst(new Part(part.run(), end, part.endBlock()));
      }
    }
  }
}
