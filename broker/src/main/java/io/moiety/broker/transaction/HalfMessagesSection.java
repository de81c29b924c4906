package io.moiety.broker.transaction;

import io.moiety.broker.snapshot.Section;
import io.moiety.broker.transaction.HalfMessages.Resolution;
import io.moiety.broker.transaction.HalfMessages.Resolved;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Open half messages and remembered resolutions in a snapshot: two lists, each with its count in 4
 * bytes.
 *
 * <pre>
 * open        position 8, stored position 8, size 4, queue offset 8, checks 4, next check 8, producer group:
 *             its number 4, and the name behind the number where that comes for the first time
 * resolution  position of the half message 8, 1 committed 2 rolled back 3 parked, own position 8
 * </pre>
 *
 * Producer groups are numbered from 0 on, in the order in which they come.
 */
record HalfMessagesSection(List<HalfChunk.Captured> open, List<Resolved> resolved)
    implements Section {
  static final int VERSION = 2;

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeInt(open.stream().mapToInt(HalfChunk.Captured::count).sum());
    Map<String, Integer> groupNumbers = new HashMap<>();
    for (HalfChunk.Captured chunk : open) {
      for (int index = 0; index < chunk.count(); index++) {
        write(chunk.columns().at(index, 0), groupNumbers, out);
      }
    }
    out.writeInt(resolved.size());
    for (Resolved known : resolved) {
      out.writeLong(known.halfPosition());
      out.writeByte(codeOf(known.resolution()));
      out.writeLong(known.position());
    }
  }

  private static void write(HalfMessage half, Map<String, Integer> groupNumbers, DataOutput out)
      throws IOException {
    out.writeLong(half.position());
    out.writeLong(half.storedPosition());
    out.writeInt(half.sizeBytes());
    out.writeLong(half.queueOffset());
    out.writeInt(half.checks());
    out.writeLong(half.nextCheckMillis());
    int newNumber = groupNumbers.size();
    int number = groupNumbers.computeIfAbsent(half.producerGroup(), group -> newNumber);
    out.writeInt(number);
    if (number == newNumber) {
      out.writeUTF(half.producerGroup());
    }
  }

  /** Passes the open half messages on one by one, then the resolutions. */
  static void read(DataInput in, Consumer<HalfMessage> open, Consumer<Resolved> resolved)
      throws IOException {
    List<String> groups = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      open.accept(readOpen(in, groups));
    }
    for (int left = in.readInt(); left > 0; left--) {
      resolved.accept(new Resolved(in.readLong(), resolution(in.readByte()), in.readLong()));
    }
  }

  private static HalfMessage readOpen(DataInput in, List<String> groups) throws IOException {
    long position = in.readLong();
    long storedPosition = in.readLong();
    int sizeBytes = in.readInt();
    long queueOffset = in.readLong();
    int checks = in.readInt();
    long nextCheckMillis = in.readLong();
    int group = in.readInt();
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
        checks,
        nextCheckMillis,
        nextCheckMillis);
  }

  private static byte codeOf(Resolution resolution) {
    return switch (resolution) {
      case COMMITTED -> 1;
      case ROLLED_BACK -> 2;
      case PARKED -> 3;
    };
  }

  private static Resolution resolution(byte code) throws IOException {
    return switch (code) {
      case 1 -> Resolution.COMMITTED;
      case 2 -> Resolution.ROLLED_BACK;
      case 3 -> Resolution.PARKED;
      default -> throw new IOException("resolution " + code + " is unknown");
    };
  }
}
