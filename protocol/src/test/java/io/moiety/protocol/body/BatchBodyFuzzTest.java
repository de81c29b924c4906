package io.moiety.protocol.body;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.moiety.protocol.MalformedBodyException;
import io.moiety.protocol.MessageProperties;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Bodies of SEND_BATCH_MESSAGE. */
class BatchBodyFuzzTest {

  @FuzzTest
  void isTakenApartAsWrittenOrRefused(byte[] batch) throws IOException {
    List<BatchBody.Member> members;
    try {
      members = BatchBody.decode(ByteBuffer.wrap(batch));
    } catch (MalformedBodyException refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
      return;
    }
    assertThat(members).isEqualTo(readOneByOne(batch));
  }

  /** Reads what is a batch; in anything else an end of file or a negative size stops it. */
  private static List<BatchBody.Member> readOneByOne(byte[] batch) throws IOException {
    List<BatchBody.Member> members = new ArrayList<>();
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(batch));
    while (in.available() > 0) {
      int end = in.available() - in.readInt();
      in.skipNBytes(8);
      int flag = in.readInt();
      ByteBuffer body = ByteBuffer.wrap(in.readNBytes(in.readInt()));
      byte[] properties = in.readNBytes(in.readUnsignedShort());
      assertThat(in.available()).isEqualTo(end);
      members.add(
          new BatchBody.Member(flag, body, MessageProperties.parse(ByteBuffer.wrap(properties))));
    }
    return members;
  }
}
