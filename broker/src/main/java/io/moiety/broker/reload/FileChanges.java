package io.moiety.broker.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;

/**
 * Whether files have changed, told by their times and sizes. A change counts when it has come to
 * rest, so that a file is not read while it is written, and a certificate not without its key.
 *
 * <p>Confined to one thread at a time.
 */
public final class FileChanges {

  private record Stamp(FileTime modified, long sizeBytes, Optional<Object> identity) {}

  private final List<Path> files;
  private List<Optional<Stamp>> known;
  private List<Optional<Stamp>> last;

  private FileChanges(List<Path> files) {
    this.files = List.copyOf(files);
    this.known = stamps();
    this.last = known;
  }

  /** Changes from now on: to be called before the files are read. */
  public static FileChanges since(List<Path> files) {
    return new FileChanges(files);
  }

  /** True once after each change, when the files are as they were at the call before. */
  public boolean settled() {
    List<Optional<Stamp>> now = stamps();
    boolean atRest = now.equals(last);
    last = now;
    if (!atRest || now.equals(known)) {
      return false;
    }
    known = now;
    return true;
  }

  private List<Optional<Stamp>> stamps() {
    return files.stream().map(FileChanges::stamp).toList();
  }

  /** Empty for a file that is not there; links are followed. */
  private static Optional<Stamp> stamp(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(
          new Stamp(found.lastModifiedTime(), found.size(), Optional.ofNullable(found.fileKey())));
    } catch (IOException notThere) {
      return Optional.empty();
    }
  }
}
