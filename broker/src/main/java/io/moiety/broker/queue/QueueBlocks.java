package io.moiety.broker.queue;

import io.moiety.broker.queue.BlockList.Block;
import io.moiety.broker.snapshot.BlockDamagedException;
import io.moiety.broker.snapshot.BlockFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The full blocks of one queue in the file of blocks, by their numbers. Separate from {@link
 * ConsumeQueue}, which knows offsets.
 *
 * <p>Owner: the store turn. May read a file where a content is asked for.
 */
final class QueueBlocks {
  private final BlockFile file;
  private final BlockList list;
  private final int ownerOfQueue;

  QueueBlocks(String topic, int queueId, BlockFile file, BlockList list) {
    this.file = file;
    this.list = list;
    this.ownerOfQueue = 31 * topic.hashCode() + queueId;
  }

  /** What a block holds; empty when all of it is gone. */
  Optional<ByteBuffer> content(long number) {
    return list.find(number).map(block -> file.read(owner(number), block.id()));
  }

  boolean has(long number) {
    return list.find(number).isPresent();
  }

  /** The first number from one on of which there is a block. */
  OptionalLong firstFrom(long number) {
    return list.findFrom(number).stream().mapToLong(Block::number).findFirst();
  }

  /** Where in the file a block is whose content would have to be read from there. */
  OptionalInt unread(long number) {
    return list.find(number).stream()
        .filter(block -> !file.isInMemory(owner(number), block.id()))
        .mapToInt(Block::id)
        .findFirst();
  }

  /** Keeps what fills a block. */
  void add(TailBlock full) {
    put(full.number(), full.content(), full.greatestEnd());
  }

  /**
   * Has another entry in a block. One that cannot be read stays as it is, and is kept for as long
   * as the entry would be: its messages are neither found nor gone before the next start, which
   * builds it anew from the log.
   */
  void replace(long number, int index, Entry entry) {
    Optional<Block> before = list.find(number);
    ByteBuffer content = ByteBuffer.allocate(BlockFile.CONTENT_BYTES);
    try {
      content(number).ifPresent(old -> content.put(old.duplicate()));
    } catch (BlockDamagedException | UncheckedIOException toldByTheFile) {
      before.ifPresent(block -> list.put(block.reaching(entry.endPosition())));
      return;
    }
    entry.putAt(content.clear(), index);
    long greatestEnd = before.map(Block::greatestEnd).orElse(0L);
    put(number, content, Math.max(entry.endPosition(), greatestEnd));
    before.ifPresent(block -> file.release(block.id()));
  }

  private void put(long number, ByteBuffer content, long greatestEnd) {
    list.put(new Block(number, file.append(owner(number), content), greatestEnd));
  }

  /** Gives back what is gone when the log begins at the position. */
  void removeBefore(long firstPosition) {
    list.removeBefore(firstPosition, block -> file.release(block.id()));
  }

  List<Block> copy() {
    return list.copy();
  }

  /** Tells a block from those of other queues, and from others of this one. */
  private int owner(long number) {
    return 31 * ownerOfQueue + Long.hashCode(number);
  }
}
