package io.moiety.broker.queue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The full blocks of a queue, in order. Blocks all of whose messages are gone are left out, also
 * between others.
 *
 * <p>Owner: the store turn.
 */
final class BlockList {

  /**
   * One full block.
   *
   * @param number which of the queue's blocks it is
   * @param id where it is in the file of blocks
   * @param greatestEnd greatest end position of its entries; they are all gone when the log begins
   *     there or later
   */
  record Block(long number, int id, long greatestEnd) {
    /** The block, in which an entry ends there too. */
    Block reaching(long endPosition) {
      return new Block(number, id, Math.max(greatestEnd, endPosition));
    }
  }

  private final ArrayList<Block> blocks = new ArrayList<>(0);

  BlockList() {}

  BlockList(Collection<Block> restored) {
    blocks.addAll(restored);
  }

  Optional<Block> find(long number) {
    int at = indexFrom(number);
    return at < blocks.size() && blocks.get(at).number() == number
        ? Optional.of(blocks.get(at))
        : Optional.empty();
  }

  /** The first block with this number or a higher one. */
  Optional<Block> findFrom(long number) {
    int at = indexFrom(number);
    return at < blocks.size() ? Optional.of(blocks.get(at)) : Optional.empty();
  }

  /** Takes a block in, in the place of the one with its number if there is one. */
  void put(Block block) {
    int at = indexFrom(block.number());
    if (at < blocks.size() && blocks.get(at).number() == block.number()) {
      blocks.set(at, block);
    } else {
      blocks.add(at, block);
    }
  }

  /** Leaves out what is gone when the log begins at the position. */
  void removeBefore(long firstPosition, Consumer<Block> removed) {
    blocks.removeIf(
        block -> {
          boolean gone = block.greatestEnd() <= firstPosition;
          if (gone) {
            removed.accept(block);
          }
          return gone;
        });
  }

  List<Block> copy() {
    return List.copyOf(blocks);
  }

  private int indexFrom(long number) {
    int low = 0;
    int high = blocks.size();
    if (high > 0 && blocks.get(high - 1).number() < number) {
      return high;
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (blocks.get(middle).number() < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
