package io.moiety.broker.snapshot;

/** A block is not what was written. */
public final class BlockDamagedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BlockDamagedException(int id, String found) {
    super(
        "block %d of the file views/%s is not what was written: %s. The next start of the broker rebuilds it from the log"
            .formatted(id, BlockFile.FILE_NAME, found));
  }
}
