package io.moiety.broker.delay;

import io.moiety.broker.snapshot.BlockFile;
import io.moiety.broker.snapshot.Section;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The schedule of exact times at the position of a snapshot: {@link OffsetSet.Captured#write} of
 * those that wait and of those that were cancelled; the entries on the heap, their count in 4 bytes
 * and each 28; {@link TimerRuns.Captured#write}; {@link LogOrder.Captured#write}.
 */
record TimerSection(
    OffsetSet.Captured waiting,
    OffsetSet.Captured cancelled,
    List<TimerEntry> near,
    TimerRuns.Captured runs,
    LogOrder.Captured order,
    BlockFile.Capture blocks)
    implements Section {

  @Override
  public void write(DataOutput out) throws IOException {
    blocks.force();
    waiting.write(out);
    cancelled.write(out);
    ByteBuffer entry = ByteBuffer.allocate(TimerEntry.BYTES);
    out.writeInt(near.size());
    for (TimerEntry onHeap : near) {
      onHeap.putAt(entry, 0);
      out.write(entry.array());
    }
    runs.write(out);
    order.write(out);
  }

  @Override
  public void durable() {
    blocks.durable();
  }

  static List<TimerEntry> readEntries(DataInput section) throws IOException {
    List<TimerEntry> entries = new ArrayList<>();
    byte[] bytes = new byte[TimerEntry.BYTES];
    for (int left = section.readInt(); left > 0; left--) {
      section.readFully(bytes);
      entries.add(TimerEntry.at(ByteBuffer.wrap(bytes), 0));
    }
    return entries;
  }
}
