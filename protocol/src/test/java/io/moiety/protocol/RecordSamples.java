package io.moiety.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Drafts that several tests need. */
final class RecordSamples {

  static final InetSocketAddress V4 = host("127.0.0.1", 10911);
  static final InetSocketAddress V6 = host("fd00::1", 40000);

  private RecordSamples() {}

  static RecordDraft draft(String topic, InetSocketAddress born, InetSocketAddress store) {
    return new RecordDraft(
        topic,
        2,
        3,
        4,
        SysFlag.TRANSACTION_COMMIT,
        5,
        born,
        store,
        6,
        7,
        ByteBuffer.wrap("hello".getBytes(UTF_8)),
        MessageProperties.parse("TAGS\u0001A\u0002"));
  }

  static ByteBuffer written(RecordDraft draft, long position) {
    ByteBuffer target = ByteBuffer.allocate(RecordLayout.sizeBytes(draft));
    RecordLayout.write(draft, position, 8, target);
    return target.flip();
  }

  static InetSocketAddress host(String address, int port) {
    return new InetSocketAddress(address, port);
  }
}
