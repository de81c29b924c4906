package io.moiety.broker.log;

import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.RecordDraft;
import io.moiety.protocol.RecordLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;

/** Records for the log to store. The queue offset tells them apart. */
final class Drafts {

  private static final InetSocketAddress HOST =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 10911);

  /** Size of a record with an empty body. */
  static final int EMPTY_BYTES = RecordLayout.sizeBytes(withBody(0, new byte[0]));

  private Drafts() {}

  /** A record of exactly {@code sizeBytes}, with a body that depends on {@code number}. */
  static RecordDraft ofSize(long number, int sizeBytes) {
    byte[] body = new byte[sizeBytes - EMPTY_BYTES];
    new Random(number).nextBytes(body);
    return withBody(number, body);
  }

  static RecordDraft withBody(long number, byte[] body) {
    return new RecordDraft(
        "T",
        0,
        0,
        number,
        0,
        1,
        HOST,
        HOST,
        0,
        0,
        ByteBuffer.wrap(body),
        MessageProperties.of(Map.of("KEYS", "k")));
  }
}
