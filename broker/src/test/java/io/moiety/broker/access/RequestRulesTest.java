package io.moiety.broker.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.access.Demand.Kind;
import io.moiety.broker.access.Demand.OfGroup;
import io.moiety.broker.access.Demand.OfTopic;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.MalformedBodyException;
import io.moiety.protocol.RequestCode;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RequestRulesTest {

  /** What the broker says to clients; from a client it is not served. */
  private static final Set<Integer> SENT_BY_BROKERS =
      Set.of(
          RequestCode.REGISTER_BROKER,
          RequestCode.UNREGISTER_BROKER,
          RequestCode.CHECK_TRANSACTION_STATE,
          RequestCode.NOTIFY_CONSUMER_IDS_CHANGED,
          RequestCode.RESET_CONSUMER_CLIENT_OFFSET,
          RequestCode.PUSH_REPLY_MESSAGE_TO_CLIENT);

  private static final Demand PUB_T = new OfTopic("T", Kind.ALL, Set.of(Permission.PUB));
  private static final Demand SUB_T = new OfTopic("T", Kind.ALL, Set.of(Permission.SUB));

  private final RequestRules rules = new RequestRules();

  private List<Demand> demands(int code, String body, String... namesAndValues) {
    Fields.Builder fields = Fields.builder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return rules
        .of(code)
        .demands(Command.request(code, fields.build(), ByteBuffer.wrap(body.getBytes(UTF_8))));
  }

  @Test
  void everyRequestCodeHasARule() throws IllegalAccessException {
    Set<String> without = new TreeSet<>();
    for (Field field : RequestCode.class.getFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getType() == int.class) {
        int code = field.getInt(null);
        if (!rules.lists(code) && !SENT_BY_BROKERS.contains(code)) {
          without.add(field.getName());
        }
      }
    }
    assertThat(without).as("say in RequestRules what these need").isEmpty();
  }

  @Test
  void whatIsNotListedNeedsAnAdmin() {
    assertThat(demands(12_345, "")).containsExactly(Demand.ADMIN);
  }

  @Test
  void onlyRoutesAndTheClusterNeedNoSignature() {
    assertThat(
            IntStream.rangeClosed(0, 300_000).filter(code -> rules.of(code) == RequestRules.OPEN))
        .containsExactly(105, 106);
  }

  @Test
  void sendsNeedPubOfTheirTopicAndRetriesTheirGroup() {
    assertThat(demands(RequestCode.SEND_MESSAGE, "", "topic", "T")).containsExactly(PUB_T);
    assertThat(demands(RequestCode.SEND_MESSAGE_V2, "", "b", "T")).containsExactly(PUB_T);
    assertThat(demands(RequestCode.SEND_BATCH_MESSAGE, "", "b", "T")).containsExactly(PUB_T);
    assertThat(demands(RequestCode.SEND_MESSAGE_V2, "", "b", "%RETRY%G"))
        .containsExactly(new OfGroup("G"));
    assertThat(demands(RequestCode.SEND_MESSAGE_V2, "", "b", "%DLQ%G"))
        .containsExactly(new OfGroup("G"));
  }

  @Test
  void consumingNeedsSubOfTopicAndGroup() {
    for (int code :
        new int[] {
          RequestCode.PULL_MESSAGE,
          RequestCode.LITE_PULL_MESSAGE,
          RequestCode.POP_MESSAGE,
          RequestCode.ACK_MESSAGE,
          RequestCode.UPDATE_CONSUMER_OFFSET
        }) {
      assertThat(demands(code, "", "consumerGroup", "G", "topic", "T"))
          .containsExactly(new OfGroup("G"), SUB_T);
    }
    for (int code : new int[] {RequestCode.RECEIVE, RequestCode.BROWSE, RequestCode.SUBSCRIBE}) {
      assertThat(demands(code, "", "group", "G", "topic", "T"))
          .containsExactly(new OfGroup("G"), SUB_T);
    }
    assertThat(demands(RequestCode.PULL_MESSAGE, "", "consumerGroup", "G", "topic", "%RETRY%other"))
        .contains(new OfGroup("other"));
    assertThat(demands(RequestCode.PULL_MESSAGE, "", "consumerGroup", "G", "topic", "%DLQ%other"))
        .contains(new OfGroup("other"));
  }

  @Test
  void heartbeatNeedsEachGroupAndEachTopicThatItNames() {
    String body =
        "{\"clientID\":\"c\",\"producerDataSet\":[{\"groupName\":\"P\"}],\"consumerDataSet\":["
            + "{\"groupName\":\"G\",\"subscriptionDataSet\":[{\"topic\":\"T\"},"
            + "{\"topic\":\"%RETRY%G\"}]},{\"groupName\":\"H\",\"subscriptionDataSet\":[]}]}";
    assertThat(demands(RequestCode.HEART_BEAT, body))
        .containsExactly(new OfGroup("G"), SUB_T, new OfGroup("G"), new OfGroup("H"));
  }

  @Test
  void bodyThatIsTooLargeIsRefusedBeforeItIsLookedInto() {
    String body = "{".repeat(1024 * 1024 + 1);
    for (int code :
        new int[] {
          RequestCode.HEART_BEAT,
          RequestCode.CHECK_CLIENT_CONFIG,
          RequestCode.LOCK_BATCH_MQ,
          RequestCode.BATCH_ACK_MESSAGE,
          RequestCode.QUERY_ASSIGNMENT
        }) {
      assertThatThrownBy(() -> demands(code, body))
          .isInstanceOf(MalformedBodyException.class)
          .hasMessage("a body of 1048577 bytes is refused; 1048576 are allowed");
    }
  }

  @Test
  void bodiesOfLocksAcknowledgementsAndAssignmentsAreLookedInto() {
    assertThat(
            demands(
                RequestCode.LOCK_BATCH_MQ,
                "{\"clientId\":\"c\",\"consumerGroup\":\"G\",\"mqSet\":[]}"))
        .containsExactly(new OfGroup("G"));
    assertThat(demands(RequestCode.BATCH_ACK_MESSAGE, "{\"acks\":[{\"c\":\"G\",\"t\":\"T\"}]}"))
        .containsExactly(new OfGroup("G"), SUB_T);
    assertThat(
            demands(
                RequestCode.QUERY_ASSIGNMENT,
                "{\"clientId\":\"c\",\"consumerGroup\":\"G\",\"topic\":\"T\"}"))
        .containsExactly(new OfGroup("G"), SUB_T);
  }

  @Test
  void resolutionNeedsPubOfTheTopicThatItNames() {
    assertThat(demands(RequestCode.END_TRANSACTION, "", "topic", "T")).containsExactly(PUB_T);
    assertThat(demands(RequestCode.END_TRANSACTION, "", "topic", "RMQ_SYS_TRANS_HALF_TOPIC"))
        .isEmpty();
    assertThat(demands(RequestCode.END_TRANSACTION, "")).isEmpty();
  }
}
