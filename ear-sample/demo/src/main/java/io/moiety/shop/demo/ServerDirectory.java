package io.moiety.shop.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A server's own directory, apart from the unpacked WildFly, so that several servers can run from
 * one. Configuration and deployments are laid anew at each start; {@code data} stays, with the
 * orders' database, the broker's store and the transaction log.
 *
 * <p>Locked while it is open: two servers on one store would be refused much later and less
 * clearly.
 */
final class ServerDirectory implements AutoCloseable {
  private static final List<String> LAID_ANEW = List.of("configuration", "deployments", "tmp");

  private final Path directory;
  private final FileChannel lockFile;

  private ServerDirectory(Path directory, FileChannel lockFile) {
    this.directory = directory;
    this.lockFile = lockFile;
  }

  /** Makes the directory ready for a start, with the archives to be deployed. */
  static ServerDirectory open(Path directory, Path wildfly, List<Path> archives) {
    try {
      Files.createDirectories(directory);
      FileChannel lockFile = lock(directory);
      try {
        lay(directory, wildfly, archives);
        return new ServerDirectory(directory, lockFile);
      } catch (IOException e) {
        lockFile.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare the server's directory " + directory, e);
    }
  }

  Path path() {
    return directory;
  }

  Path yaml() {
    return yaml(directory);
  }

  /** What the server prints; its log is in {@code log/server.log}. */
  Path output() {
    return directory.resolve("log/console.log");
  }

  /** The deployment scanner's marks of archives that it could not deploy. */
  List<Path> failedDeployments() {
    try (Stream<Path> files = Files.list(directory.resolve("deployments"))) {
      return files.filter(file -> file.toString().endsWith(".failed")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the deployments in " + directory, e);
    }
  }

  /** Removes a directory that is not open, and all in it. */
  static void delete(Path directory) {
    try {
      deleteTree(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + directory, e);
    }
  }

  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot release " + directory, e);
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!tryLock(channel)) {
      channel.close();
      throw new DemoException(
          "Another demo runs in " + directory + ". Stop it first (Ctrl-C where it was started).");
    }
    return channel;
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static Path yaml(Path directory) {
    return directory.resolve("configuration/moiety.yml");
  }

  private static void lay(Path directory, Path wildfly, List<Path> archives) throws IOException {
    for (String name : LAID_ANEW) {
      deleteTree(directory.resolve(name));
    }
    copyTree(wildfly.resolve("standalone/configuration"), directory.resolve("configuration"));
    Files.createDirectories(directory.resolve("log"));
    try (InputStream yaml = ServerDirectory.class.getResourceAsStream("moiety.yml")) {
      if (yaml == null) {
        throw new IllegalStateException("moiety.yml is not in the demo's archive");
      }
      Files.copy(yaml, yaml(directory));
    }
    Path deployments = Files.createDirectories(directory.resolve("deployments"));
    for (Path archive : archives) {
      Files.copy(archive, deployments.resolve(archive.getFileName()));
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (Files.notExists(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
    }
  }
}
