package io.moiety.broker.transaction;

import io.moiety.broker.snapshot.Section;
import io.moiety.broker.transaction.HalfMessages.Resolution;
import io.moiety.broker.transaction.HalfMessages.Resolved;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Open half messages and remembered resolutions in a snapshot: two lists, each with its count in 4
 * bytes.
 *
 * <pre>
 * open        position 8, stored position 8, size 4, queue offset 8, producer group, unique key, checks 4, next check 8
 * resolution  position of the half message 8, 1 committed 2 rolled back 3 parked, own position 8
 * </pre>
 */
record HalfMessagesSection(List<HalfMessage> open, List<Resolved> resolved) implements Section {
  static final int VERSION = 1;

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeInt(open.size());
    for (HalfMessage half : open) {
      out.writeLong(half.position());
      out.writeLong(half.storedPosition());
      out.writeInt(half.sizeBytes());
      out.writeLong(half.queueOffset());
      out.writeUTF(half.producerGroup());
      out.writeUTF(half.uniqueKey());
      out.writeInt(half.checks());
      out.writeLong(half.nextCheckMillis());
    }
    out.writeInt(resolved.size());
    for (Resolved known : resolved) {
      out.writeLong(known.halfPosition());
      out.writeByte(codeOf(known.resolution()));
      out.writeLong(known.position());
    }
  }

  static HalfMessagesSection read(DataInput in) throws IOException {
    List<HalfMessage> open = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      open.add(readOpen(in));
    }
    List<Resolved> resolved = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      resolved.add(new Resolved(in.readLong(), resolution(in.readByte()), in.readLong()));
    }
    return new HalfMessagesSection(open, resolved);
  }

  private static HalfMessage readOpen(DataInput in) throws IOException {
    long position = in.readLong();
    long storedPosition = in.readLong();
    int sizeBytes = in.readInt();
    long queueOffset = in.readLong();
    String producerGroup = in.readUTF();
    String uniqueKey = in.readUTF();
    int checks = in.readInt();
    long nextCheckMillis = in.readLong();
    return new HalfMessage(
        position,
        storedPosition,
        sizeBytes,
        queueOffset,
        producerGroup,
        uniqueKey,
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
