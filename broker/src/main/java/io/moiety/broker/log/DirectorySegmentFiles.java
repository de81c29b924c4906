package io.moiety.broker.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The log's files in one directory. A segment is named by the position of its first byte, in 20
 * digits; {@code spare-} and a name is what a deleted one left; {@code durable} is the hint. Holds
 * no state; used by the recovery and allocator threads.
 */
final class DirectorySegmentFiles implements SegmentFiles {

  private static final String DIRECTORY_NAME = "commitlog";
  private static final String SEGMENT_NAME = "\\d{20}";
  private static final String SPARE_PREFIX = "spare-";
  private static final String HINT_NAME = "durable";

  private final Path directory;

  private DirectorySegmentFiles(Path directory) {
    this.directory = directory;
  }

  /** The log's directory in that of the store, made when there is none. */
  static DirectorySegmentFiles open(Path storeDirectory) throws IOException {
    Path directory = storeDirectory.resolve(DIRECTORY_NAME);
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(directory);
      PositionedFile.forceNames(storeDirectory);
    }
    return new DirectorySegmentFiles(directory);
  }

  /** The log's directory in that of a store; nothing is made. */
  static DirectorySegmentFiles existing(Path storeDirectory) {
    return new DirectorySegmentFiles(storeDirectory.resolve(DIRECTORY_NAME));
  }

  @Override
  public List<SegmentSpan> list() throws IOException {
    List<Path> paths;
    try (Stream<Path> entries = Files.list(directory)) {
      paths =
          entries
              .filter(path -> path.getFileName().toString().matches(SEGMENT_NAME))
              .sorted()
              .toList();
    }
    List<SegmentSpan> spans = new ArrayList<>();
    for (Path path : paths) {
      long sizeBytes = Files.size(path);
      if (sizeBytes > Integer.MAX_VALUE) {
        throw new IOException(
            "%s has %d bytes; a segment has at most %d"
                .formatted(path, sizeBytes, Integer.MAX_VALUE));
      }
      spans.add(new SegmentSpan(Long.parseLong(path.getFileName().toString()), (int) sizeBytes));
    }
    return spans;
  }

  @Override
  public void create(SegmentSpan span) throws IOException {
    Path path = path(span);
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      setSize(channel, span.sizeBytes());
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
    PositionedFile.forceNames(directory);
  }

  @Override
  public void extend(SegmentSpan span, int sizeBytes) throws IOException {
    try (FileChannel channel = FileChannel.open(path(span), StandardOpenOption.WRITE)) {
      setSize(channel, sizeBytes);
    }
  }

  @Override
  public void delete(SegmentSpan span) throws IOException {
    Files.delete(path(span));
    PositionedFile.forceNames(directory);
  }

  @Override
  public void spare(SegmentSpan span) throws IOException {
    Files.move(path(span), sparePath(span), StandardCopyOption.ATOMIC_MOVE);
    PositionedFile.forceNames(directory);
  }

  @Override
  public void reuse(SegmentSpan spare, long basePosition) throws IOException {
    Path path = path(new SegmentSpan(basePosition, spare.sizeBytes()));
    if (Files.exists(path)) {
      throw new FileAlreadyExistsException(path.toString());
    }
    Files.move(sparePath(spare), path, StandardCopyOption.ATOMIC_MOVE);
    PositionedFile.forceNames(directory);
  }

  @Override
  public void deleteSpares() throws IOException {
    try (DirectoryStream<Path> spares = Files.newDirectoryStream(directory, SPARE_PREFIX + "*")) {
      for (Path spare : spares) {
        Files.delete(spare);
      }
    }
  }

  @Override
  public SegmentMemory map(SegmentSpan span) throws IOException {
    try (FileChannel channel =
        FileChannel.open(path(span), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new MappedMemory(channel.map(MapMode.READ_WRITE, 0, span.sizeBytes()));
    }
  }

  @Override
  public SegmentChannel channel(SegmentSpan span) throws IOException {
    return new FileSegmentChannel(
        span, FileChannel.open(path(span), StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  @Override
  public SegmentChannel reader(SegmentSpan span) throws IOException {
    return new FileSegmentChannel(span, FileChannel.open(path(span), StandardOpenOption.READ));
  }

  @Override
  public DiskSpace space(long logBytes) throws IOException {
    FileStore store = Files.getFileStore(directory);
    return new DiskSpace(store.getUsableSpace(), store.getTotalSpace(), logBytes);
  }

  @Override
  public HintFile hint() throws IOException {
    Path path = directory.resolve(HINT_NAME);
    boolean fresh = !Files.exists(path);
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (fresh) {
      PositionedFile.forceNames(directory);
    }
    return new ChannelHintFile(channel);
  }

  @Override
  public Optional<HintFile> existingHint() throws IOException {
    Path path = directory.resolve(HINT_NAME);
    return Files.exists(path)
        ? Optional.of(new ChannelHintFile(FileChannel.open(path, StandardOpenOption.READ)))
        : Optional.empty();
  }

  @Override
  public Path path(SegmentSpan span) {
    return directory.resolve(String.format(Locale.ROOT, "%020d", span.basePosition()));
  }

  private Path sparePath(SegmentSpan span) {
    return directory.resolve(SPARE_PREFIX + path(span).getFileName());
  }

  /** Sets the length that {@link #list} goes by; the blocks are written later, by the allocator. */
  private static void setSize(FileChannel channel, int sizeBytes) throws IOException {
    channel.write(ByteBuffer.allocate(1), sizeBytes - 1L);
    channel.force(true);
  }
}
