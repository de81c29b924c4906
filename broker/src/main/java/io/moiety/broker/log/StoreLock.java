package io.moiety.broker.log;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a store to one broker. {@code lock} is locked by the operating system, so that a killed
 * holder leaves nothing behind; {@code lock.holder} says who it is and where it listens.
 *
 * <p>The two files are separate, and a store that this process has open is refused before its lock
 * file is touched, because closing <i>any</i> descriptor of a locked file drops the process's lock
 * on it. The mark for that is a system property: two copies of this class in two class loaders (two
 * applications of one server) share nothing else.
 *
 * <p>Used by one thread at a time.
 */
final class StoreLock implements HeldStore {

  private static final Logger LOG = System.getLogger(StoreLock.class.getName());
  private static final String LOCK_NAME = "lock";
  private static final String HOLDER_NAME = "lock.holder";
  private static final String PROPERTY_PREFIX = "io.moiety.store.open:";

  private final Path directory;
  private final String property;
  private final FileChannel channel;
  private boolean closed;

  private StoreLock(Path directory, String property, FileChannel channel) {
    this.directory = directory;
    this.property = property;
    this.channel = channel;
  }

  /** Takes the lock, or refuses with a {@link StoreLockedException}. Never waits. */
  static StoreLock acquire(Path storeDirectory) throws IOException {
    Path directory = Files.createDirectories(storeDirectory).toRealPath();
    String property = PROPERTY_PREFIX + directory;
    if (System.getProperties().putIfAbsent(property, "open") != null) {
      throw new StoreLockedException(directory, readHolder(directory));
    }
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              directory.resolve(LOCK_NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        throw new StoreLockedException(directory, readHolder(directory));
      }
      StoreLock lock = new StoreLock(directory, property, channel);
      lock.announce();
      return lock;
    } catch (IOException | RuntimeException e) {
      System.getProperties().remove(property);
      if (channel != null) {
        channel.close();
      }
      throw e;
    }
  }

  @Override
  public void publish(Optional<String> address) throws IOException {
    String text = new StoreHolder(ProcessHandle.current().pid(), address).format();
    Path fresh = directory.resolve(HOLDER_NAME + ".new");
    Files.writeString(fresh, text);
    Files.move(
        fresh,
        directory.resolve(HOLDER_NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Being unknown to others is better than not starting, on a disk that is full. */
  private void announce() {
    try {
      publish(Optional.empty());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "Cannot say in " + directory + " who holds the store", e);
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      Files.deleteIfExists(directory.resolve(HOLDER_NAME));
    } finally {
      channel.close();
      System.getProperties().remove(property);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisProcess) {
      return null;
    }
  }

  /** Who says that it has the store; it may have been killed since. */
  static Optional<StoreHolder> readHolder(Path directory) throws IOException {
    try {
      return StoreHolder.parse(Files.readString(directory.resolve(HOLDER_NAME)));
    } catch (NoSuchFileException holderIsStartingOrStopping) {
      return Optional.empty();
    }
  }
}
