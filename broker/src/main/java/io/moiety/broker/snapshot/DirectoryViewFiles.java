package io.moiety.broker.snapshot;

import io.moiety.broker.log.ForceFailedException;
import io.moiety.broker.log.PositionedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** The views' files in the directory {@code views} of the store. Holds no state. */
public final class DirectoryViewFiles implements ViewFiles {
  private static final String DIRECTORY_NAME = "views";

  private final Path directory;

  private DirectoryViewFiles(Path directory) {
    this.directory = directory;
  }

  /** The views' directory in that of the store, made when there is none. */
  public static DirectoryViewFiles open(Path storeDirectory) throws IOException {
    return new DirectoryViewFiles(Files.createDirectories(storeDirectory.resolve(DIRECTORY_NAME)));
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public ViewFile open(String name) throws IOException {
    Path path = directory.resolve(name);
    return new ChannelViewFile(
        path,
        new PositionedFile(
            FileChannel.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(
        directory.resolve(from),
        directory.resolve(to),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    PositionedFile.forceNames(directory);
  }

  @Override
  public void delete(String name) throws IOException {
    if (Files.deleteIfExists(directory.resolve(name))) {
      PositionedFile.forceNames(directory);
    }
  }

  private record ChannelViewFile(Path path, PositionedFile file) implements ViewFile {
    @Override
    public void read(long index, ByteBuffer target) throws IOException {
      file.read(index, target);
    }

    @Override
    public void write(long index, ByteBuffer source) throws IOException {
      file.write(index, source);
    }

    @Override
    public long sizeBytes() throws IOException {
      return file.channel().size();
    }

    @Override
    public void force() throws IOException {
      try {
        file.channel().force(true);
      } catch (IOException e) {
        throw new ForceFailedException(path.toString(), e);
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
