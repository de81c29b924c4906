package io.moiety.broker.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether files have changed, told by their times and sizes. A change counts when it has come to
 * rest, so that a file is not read while it is written, and a certificate not without its key; and
 * again every few looks until it is taken, since what stood in the way may be outside the files.
 *
 * <p>Confined to one thread at a time.
 */
public final class FileChanges {

  private static final int LOOKS_BETWEEN_TRIES = 5;
  private static final int NONE = -1;

  private record Stamp(FileTime modified, long sizeBytes, Optional<Object> identity) {}

  private final List<Path> files;
  private List<Optional<Stamp>> known;
  private List<Optional<Stamp>> last;

  /** Looks since a change counted that was not taken; negative when there is none. */
  private int looksUntaken = NONE;

  private Optional<String> reason = Optional.empty();

  private FileChanges(List<Path> files) {
    this.files = List.copyOf(files);
    this.known = stamps();
    this.last = known;
  }

  /** Changes from now on: to be called before the files are read. */
  public static FileChanges since(List<Path> files) {
    return new FileChanges(files);
  }

  /**
   * True after a change, when the files are as they were at the call before, and then at each fifth
   * call until {@link #taken}.
   */
  public boolean settled() {
    List<Optional<Stamp>> now = stamps();
    boolean atRest = now.equals(last);
    last = now;
    if (!atRest) {
      return false;
    }
    if (now.equals(known)) {
      return isTryDue();
    }
    known = now;
    reason = Optional.empty();
    looksUntaken = 0;
    return true;
  }

  private boolean isTryDue() {
    if (looksUntaken == NONE) {
      return false;
    }
    looksUntaken = (looksUntaken + 1) % LOOKS_BETWEEN_TRIES;
    return looksUntaken == 0;
  }

  /** The change is in use. */
  public void taken() {
    looksUntaken = NONE;
  }

  /** True when this is not why the same change could not be taken at the last try. */
  public boolean isNews(@Nullable String why) {
    Optional<String> before = reason;
    reason = Optional.of(String.valueOf(why));
    return !before.equals(reason);
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
