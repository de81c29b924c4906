package io.moiety.broker.filter;

import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordLayout;
import io.moiety.protocol.RecordView;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Stored records to look at. */
final class Messages {
  private static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 10911);

  private Messages() {}

  static RecordView with(MessageProperties properties) {
    RecordDraft draft =
        new RecordDraft(
            "T",
            0,
            0,
            0,
            0,
            1_700_000_000_000L,
            HOST,
            HOST,
            0,
            0,
            ByteBuffer.allocate(0),
            properties);
    ByteBuffer bytes = ByteBuffer.allocate(RecordLayout.sizeBytes(draft));
    RecordLayout.write(draft, 0, 1_700_000_000_001L, bytes);
    return RecordView.of(bytes.rewind());
  }
}
