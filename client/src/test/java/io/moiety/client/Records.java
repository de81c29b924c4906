package io.moiety.client;

import io.moiety.protocol.MessageIds;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Stored records as a broker would hand them out. */
final class Records {

  private static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 10911);

  private Records() {}

  static ByteBuffer of(String topic, int queueId, long queueOffset, String text) {
    return of(topic, queueId, queueOffset, text, Map.of("UNIQ_KEY", "KEY-" + queueOffset));
  }

  static ByteBuffer of(
      String topic, int queueId, long queueOffset, String text, Map<String, String> properties) {
    RecordDraft draft =
        new RecordDraft(
            topic,
            queueId,
            0,
            queueOffset,
            0,
            1_000,
            HOST,
            HOST,
            0,
            0,
            utf8(text),
            MessageProperties.of(properties));
    ByteBuffer target = ByteBuffer.allocate(RecordLayout.sizeBytes(draft));
    RecordLayout.write(draft, 0, 2_000, target);
    return target.rewind();
  }

  static ByteBuffer concat(ByteBuffer... records) {
    ByteBuffer all = ByteBuffer.allocate(64 * 1024);
    for (ByteBuffer record : records) {
      all.put(record.duplicate());
    }
    return all.flip();
  }

  static String offsetMessageId(long position) {
    return MessageIds.offsetMessageId(HOST, position);
  }

  static ByteBuffer utf8(String text) {
    return StandardCharsets.UTF_8.encode(text);
  }

  static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }
}
