package io.moiety.broker.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.moiety.broker.Broker;
import io.moiety.broker.config.BrokerConfig;
import io.moiety.protocol.Command;
import io.moiety.protocol.RecordView;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches by key over a socket, as RocketMQ's clients send them. */
final class KeyQueryWireTest {
  @TempDir Path directory;

  private static void send(RawClient client, String body, String properties) throws IOException {
    Command request =
        Command.request(
            RequestCode.SEND_MESSAGE_V2,
            Bench.fields(
                Map.of(
                    "a",
                    "P",
                    "b",
                    "T",
                    "c",
                    "TBW102",
                    "d",
                    1,
                    "e",
                    0,
                    "f",
                    0,
                    "g",
                    1,
                    "h",
                    0,
                    "i",
                    properties,
                    "j",
                    0)),
            ByteBuffer.wrap(body.getBytes(UTF_8)));
    assertThat(client.call(request).code()).isEqualTo(ResponseCode.SUCCESS);
  }

  private static List<String> query(RawClient client, String key) throws IOException {
    Map<String, Object> fields =
        Map.of(
            "topic",
            "T",
            "key",
            key,
            "maxNum",
            32,
            "beginTimestamp",
            0,
            "endTimestamp",
            Long.MAX_VALUE,
            "_UNIQUE_KEY_QUERY",
            "false");
    Command answer = client.call(Command.request(RequestCode.QUERY_MESSAGE, Bench.fields(fields)));
    return RecordView.list(answer.body()).stream()
        .map(record -> UTF_8.decode(record.body()).toString())
        .toList();
  }

  @Test
  void messagesAreFoundByTheirKeysAlsoAfterAStop() throws IOException {
    try (Broker broker = Broker.start(BrokerConfig.embedded(directory));
        RawClient client = new RawClient(broker.address())) {
      send(client, "one", "KEYS\u0001a b\u0002");
      send(client, "two", "KEYS\u0001a\u0002");
      assertThat(query(client, "b")).containsExactly("one");
    }
    try (Broker broker = Broker.start(BrokerConfig.embedded(directory));
        RawClient client = new RawClient(broker.address())) {
      send(client, "three", "KEYS\u0001b\u0002");
      assertThat(query(client, "b")).containsExactly("one", "three");
      assertThat(query(client, "a")).containsExactly("one", "two");
      assertThat(query(client, "c")).isEmpty();
    }
  }
}
