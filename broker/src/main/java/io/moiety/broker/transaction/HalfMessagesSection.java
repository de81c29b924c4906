package io.moiety.broker.transaction;

import io.moiety.broker.snapshot.Section;
import io.moiety.broker.transaction.HalfMessages.Resolution;
import io.moiety.broker.transaction.HalfMessages.Resolved;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Open and parked half messages and remembered resolutions in a snapshot: three lists, each with
 * its count in 4 bytes.
 *
 * <pre>
 * open        position 8, stored position 8, size 4, queue offset 8, checks 4 (-1: never asked), next check 8,
 *             producer group: its number 4, and the name behind the number where that comes for the first time
 * parked      the same
 * resolution  position of the half message 8, 1 committed 2 rolled back, own position 8
 * </pre>
 *
 * Producer groups are numbered from 0 on, in the order in which they come.
 */
record HalfMessagesSection(
    List<HalfChunk.Captured> open, List<HalfChunk.Captured> parked, Resolutions.Captured resolved)
    implements Section {
  static final int VERSION = 3;

  private static final int HALF_BYTES = 44;
  private static final int NEVER_ASKED = -1;

  @Override
  public void write(DataOutput out) throws IOException {
    Map<String, Integer> groupNumbers = new HashMap<>();
    write(open, groupNumbers, out);
    write(parked, groupNumbers, out);
    out.writeInt(resolved.count());
    for (int index = 0; index < resolved.count(); index++) {
      write(resolved.at(index), out);
    }
  }

  private static void write(
      List<HalfChunk.Captured> halves, Map<String, Integer> groupNumbers, DataOutput out)
      throws IOException {
    out.writeInt(halves.stream().mapToInt(HalfChunk.Captured::count).sum());
    for (HalfChunk.Captured chunk : halves) {
      for (int index = 0; index < chunk.count(); index++) {
        write(chunk.columns().at(index, 0), groupNumbers, out);
      }
    }
  }

  private static void write(HalfMessage half, Map<String, Integer> groupNumbers, DataOutput out)
      throws IOException {
    int newNumber = groupNumbers.size();
    int number = groupNumbers.computeIfAbsent(half.producerGroup(), group -> newNumber);
    ByteBuffer bytes = ByteBuffer.allocate(HALF_BYTES);
    bytes.putLong(half.position()).putLong(half.storedPosition()).putInt(half.sizeBytes());
    bytes.putLong(half.queueOffset()).putInt(half.asked() ? half.checks() : NEVER_ASKED);
    bytes.putLong(half.nextCheckMillis()).putInt(number);
    out.write(bytes.array());
    if (number == newNumber) {
      out.writeUTF(half.producerGroup());
    }
  }

  private static void write(Resolved known, DataOutput out) throws IOException {
    out.writeLong(known.halfPosition());
    out.writeByte(codeOf(known.resolution()));
    out.writeLong(known.position());
  }

  /** Passes the half messages on one by one, then the resolutions. */
  static void read(
      DataInput in,
      Consumer<HalfMessage> open,
      Consumer<HalfMessage> parked,
      Consumer<Resolved> resolved)
      throws IOException {
    List<String> groups = new ArrayList<>();
    readHalves(in, groups, open);
    readHalves(in, groups, parked);
    for (int left = in.readInt(); left > 0; left--) {
      resolved.accept(new Resolved(in.readLong(), resolution(in.readByte()), in.readLong()));
    }
  }

  /** A half message in one read: there may be millions. */
  private static void readHalves(DataInput in, List<String> groups, Consumer<HalfMessage> sink)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(HALF_BYTES);
    for (int left = in.readInt(); left > 0; left--) {
      in.readFully(bytes.array());
      sink.accept(half(bytes.rewind(), in, groups));
    }
  }

  private static HalfMessage half(ByteBuffer bytes, DataInput in, List<String> groups)
      throws IOException {
    long position = bytes.getLong();
    long storedPosition = bytes.getLong();
    int sizeBytes = bytes.getInt();
    long queueOffset = bytes.getLong();
    int checks = bytes.getInt();
    long nextCheckMillis = bytes.getLong();
    int group = bytes.getInt();
    if (group == groups.size()) {
      groups.add(in.readUTF());
    }
    if (group < 0 || group >= groups.size()) {
      throw new IOException("producer group %d has no name".formatted(group));
    }
    return new HalfMessage(
        position,
        storedPosition,
        sizeBytes,
        queueOffset,
        groups.get(group),
        Math.max(0, checks),
        checks != NEVER_ASKED,
        nextCheckMillis,
        nextCheckMillis);
  }

  private static byte codeOf(Resolution resolution) {
    return switch (resolution) {
      case COMMITTED -> 1;
      case ROLLED_BACK -> 2;
      case PARKED ->
          throw new IllegalStateException("what is parked has not ended and is listed apart");
    };
  }

  private static Resolution resolution(byte code) throws IOException {
    return switch (code) {
      case 1 -> Resolution.COMMITTED;
      case 2 -> Resolution.ROLLED_BACK;
      default -> throw new IOException("resolution " + code + " is unknown");
    };
  }
}
