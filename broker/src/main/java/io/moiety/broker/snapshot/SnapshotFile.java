package io.moiety.broker.snapshot;

import io.moiety.broker.store.Base;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;

/**
 * The bytes of a snapshot.
 *
 * <pre>
 * magic         8 bytes "MOIETYSN"
 * format        4
 * base          id as text, position 8, end position 8
 * sections      count 4; each: name as text, version 4, chunks as of {@link SectionOutput}
 * checksum      8, CRC-32 of everything before
 * </pre>
 *
 * A text is its length in 2 bytes and its UTF-8 bytes.
 */
final class SnapshotFile {
  static final long MAGIC = 0x4D4F49455459534EL;
  static final int FORMAT = 1;
  static final int CHECKSUM_BYTES = Long.BYTES;
  private static final int BUFFER_BYTES = 64 * 1024;

  private SnapshotFile() {}

  /** Writes the whole file; not forced. On the view thread. */
  static void write(Captured captured, ViewFile file) throws IOException {
    CRC32 checksum = new CRC32();
    DataOutputStream out =
        new DataOutputStream(
            new CheckedOutputStream(
                new BufferedOutputStream(ViewFileStreams.output(file), BUFFER_BYTES), checksum));
    out.writeLong(MAGIC);
    out.writeInt(FORMAT);
    out.writeUTF(captured.base().id());
    out.writeLong(captured.base().position());
    out.writeLong(captured.base().endPosition());
    out.writeInt(captured.sections().size());
    for (Captured.NamedSection section : captured.sections()) {
      out.writeUTF(section.name());
      out.writeInt(section.version());
      try (DataOutputStream content = new DataOutputStream(new SectionOutput(out))) {
        section.section().write(content);
      }
    }
    out.writeLong(checksum.getValue());
    out.flush();
  }

  /**
   * Checks the whole file, and tells the base that it belongs to.
   *
   * @throws IOException when this is no snapshot that this version can use, and why
   */
  static Base check(ViewFile file) throws IOException {
    long endIndex = file.sizeBytes() - CHECKSUM_BYTES;
    if (endIndex < 0) {
      throw new IOException("it ends after " + file.sizeBytes() + " bytes");
    }
    ByteBuffer stored = ByteBuffer.allocate(CHECKSUM_BYTES);
    file.read(endIndex, stored);
    if (stored.flip().getLong() != checksum(file, endIndex)) {
      throw new IOException("its checksum does not match: it is torn or damaged");
    }
    try (DataInputStream in = content(file, endIndex)) {
      return header(in);
    }
  }

  private static long checksum(ViewFile file, long endIndex) throws IOException {
    CRC32 checksum = new CRC32();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = ViewFileStreams.input(file, endIndex)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        checksum.update(buffer, 0, count);
      }
    }
    return checksum.getValue();
  }

  /**
   * Restores the views, which are empty, from a checked file.
   *
   * @throws IOException when a section is not what its view wrote
   */
  static void restore(ViewFile file, List<? extends StoredView> views) throws IOException {
    try (DataInputStream in = content(file, file.sizeBytes() - CHECKSUM_BYTES)) {
      header(in);
      int sections = in.readInt();
      if (sections != views.size()) {
        throw new IOException(
            "it has %d sections; this version has %d".formatted(sections, views.size()));
      }
      for (StoredView view : views) {
        restore(in, view);
      }
    }
  }

  private static void restore(DataInputStream in, StoredView view) throws IOException {
    String name = in.readUTF();
    int version = in.readInt();
    if (!name.equals(view.sectionName()) || version != view.sectionVersion()) {
      throw new IOException(
          "its section %s has version %d, where this version has %s with %d"
              .formatted(name, version, view.sectionName(), view.sectionVersion()));
    }
    SectionInput content = new SectionInput(in);
    DataInputStream section = new DataInputStream(new BufferedInputStream(content));
    view.restore(section);
    if (section.read() >= 0) {
      throw new IOException("its section " + name + " is longer than what was read of it");
    }
  }

  private static Base header(DataInputStream in) throws IOException {
    if (in.readLong() != MAGIC) {
      throw new IOException("it is no snapshot");
    }
    int format = in.readInt();
    if (format != FORMAT) {
      throw new IOException(
          "its format is %d, and this version reads %d".formatted(format, FORMAT));
    }
    return new Base(in.readUTF(), in.readLong(), in.readLong());
  }

  private static DataInputStream content(ViewFile file, long endIndex) {
    return new DataInputStream(
        new BufferedInputStream(ViewFileStreams.input(file, endIndex), BUFFER_BYTES));
  }
}
