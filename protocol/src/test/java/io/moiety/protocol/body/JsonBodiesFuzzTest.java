package io.moiety.protocol.body;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.moiety.protocol.MalformedBodyException;
import java.nio.ByteBuffer;
import java.util.List;

/** JSON bodies of requests. Each input is read as every one of them. */
class JsonBodiesFuzzTest {

  private static final List<Class<? extends Record>> BODIES =
      List.of(
          HeartbeatBody.class,
          CheckClientConfigBody.class,
          LockBatchBody.class,
          BatchAckBody.class,
          QueryAssignmentBody.class,
          MessageRequestModeBody.class,
          TopicConfigTableBody.class,
          RouteBody.class,
          ClusterInfoBody.class);

  @FuzzTest
  void whatIsNotRefusedIsWrittenAndReadTheSame(byte[] json) {
    BODIES.forEach(type -> assertReadsBackOrRefuses(ByteBuffer.wrap(json), type));
  }

  private static <T extends Record> void assertReadsBackOrRefuses(ByteBuffer json, Class<T> type) {
    try {
      T body = JsonBodies.read(json, type);
      assertThat(JsonBodies.read(JsonBodies.write(body), type)).isEqualTo(body);
      if (body instanceof BatchAckBody acks) {
        acks.acks().forEach(BatchAckBody.Ack::offsetsFromStart);
      }
    } catch (MalformedBodyException refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
    }
  }
}
