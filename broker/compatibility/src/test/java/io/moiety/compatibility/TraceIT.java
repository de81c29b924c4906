package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.MessageExt;
import org.junit.jupiter.api.Test;

/** What clients with message trace report, on the topic that is made for it. */
@OnBroker("traceTopicEnable=true")
class TraceIT {

  private static final String TRACE_TOPIC = "RMQ_SYS_TRACE_TOPIC";
  private static final char FIELD_END = '\1';

  @Test
  void theTopicOfTracesIsThereWithOneQueue(Clients clients) throws Exception {
    assertThat(clients.queues(TRACE_TOPIC)).hasSize(1);
  }

  @Test
  void aSendIsReported(Clients clients) throws Exception {
    Inbox traces = traces(clients);
    String topic = clients.topic(1);
    SendResult sent = tracing(clients).send(Clients.message(topic, "traced"));

    assertThat(report(traces, "Pub", sent.getMsgId())).contains(topic, sent.getOffsetMsgId());
  }

  private static DefaultMQProducer tracing(Clients clients) throws Exception {
    return clients.started(clients.configured(new DefaultMQProducer(clients.group(), true, null)));
  }

  private static Inbox traces(Clients clients) throws Exception {
    Inbox traces = new Inbox();
    clients.consume(clients.group(), TRACE_TOPIC, traces.listener());
    return traces;
  }

  /** The fields of the report of this kind about this message, which has to come. */
  private static List<String> report(Inbox traces, String kind, String msgId)
      throws InterruptedException {
    while (true) {
      MessageExt trace = traces.take();
      for (String report : Inbox.body(trace).split("\2", -1)) {
        List<String> fields = List.of(report.split(String.valueOf(FIELD_END), -1));
        if (fields.get(0).equals(kind) && fields.contains(msgId)) {
          return fields;
        }
      }
    }
  }
}
