package io.moiety.broker.queue;

import io.moiety.broker.snapshot.BlockFile;
import io.moiety.broker.snapshot.Section;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * All queues at the position of a snapshot: their count in 4 bytes, and each {@link QueueImage}.
 */
record QueueSection(List<QueueImage> queues, BlockFile.Capture blocks) implements Section {

  @Override
  public void write(DataOutput out) throws IOException {
    blocks.force();
    out.writeInt(queues.size());
    for (QueueImage queue : queues) {
      queue.write(out);
    }
  }

  @Override
  public void durable() {
    blocks.durable();
  }

  static List<QueueImage> read(DataInput section) throws IOException {
    List<QueueImage> queues = new ArrayList<>();
    for (int left = section.readInt(); left > 0; left--) {
      queues.add(QueueImage.read(section));
    }
    return queues;
  }
}
