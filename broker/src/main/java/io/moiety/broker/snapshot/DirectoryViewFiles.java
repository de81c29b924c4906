package io.moiety.broker.snapshot;

import java.io.File;
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
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(
        directory.resolve(from),
        directory.resolve(to),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    forceDirectory();
  }

  @Override
  public void delete(String name) throws IOException {
    if (Files.deleteIfExists(directory.resolve(name))) {
      forceDirectory();
    }
  }

  private void forceDirectory() throws IOException {
    if (File.separatorChar == '\\') {
      return; // Windows opens no directories, and its file systems journal names.
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw new ForceFailedException("the directory " + directory, e);
    }
  }

  private record ChannelViewFile(Path path, FileChannel channel) implements ViewFile {
    @Override
    public void read(long index, ByteBuffer target) throws IOException {
      long at = index;
      while (target.hasRemaining()) {
        int count = channel.read(target, at);
        if (count < 0) {
          return;
        }
        at += count;
      }
    }

    @Override
    public void write(long index, ByteBuffer source) throws IOException {
      long at = index;
      while (source.hasRemaining()) {
        at += channel.write(source, at);
      }
    }

    @Override
    public long sizeBytes() throws IOException {
      return channel.size();
    }

    @Override
    public void force() throws IOException {
      try {
        channel.force(true);
      } catch (IOException e) {
        throw new ForceFailedException(path.toString(), e);
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
