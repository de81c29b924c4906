package io.moiety.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.rebalance.AllocateMessageQueueAveragely;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
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
    Reports reports = new Reports(clients);
    String topic = clients.topic(1);
    SendResult sent = tracing(clients).send(Clients.message(topic, "traced"));

    assertThat(reports.find("Pub", sent.getMsgId())).contains(topic, sent.getOffsetMsgId());
  }

  @Test
  void aConsumptionIsReportedBeforeAndAfter(Clients clients) throws Exception {
    Reports reports = new Reports(clients);
    String topic = clients.topic(1);
    String group = clients.group();
    Inbox inbox = new Inbox();
    DefaultMQPushConsumer consumer =
        clients.configured(
            new DefaultMQPushConsumer(
                group, null, new AllocateMessageQueueAveragely(), true, null));
    consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
    clients.consume(consumer, topic, "*", inbox.listener());
    clients.send(topic, "consumed");
    String msgId = inbox.take().getMsgId();

    List<String> before = reports.find("SubBefore", msgId);
    assertThat(before).contains(group);
    assertThat(reports.find("SubAfter", msgId)).as("the same request").contains(before.get(4));
  }

  private static DefaultMQProducer tracing(Clients clients) throws Exception {
    return clients.started(clients.configured(new DefaultMQProducer(clients.group(), true, null)));
  }

  /** Reports that come on the topic of traces, several of them in one message. */
  private static final class Reports {
    private final Inbox traces = new Inbox();
    private final List<List<String>> read = new ArrayList<>();

    Reports(Clients clients) throws Exception {
      clients.consume(clients.group(), TRACE_TOPIC, traces.listener());
    }

    /** The fields of the report of this kind about this message, which has to come. */
    List<String> find(String kind, String msgId) throws InterruptedException {
      while (true) {
        for (List<String> fields : read) {
          if (fields.get(0).equals(kind) && fields.contains(msgId)) {
            return fields;
          }
        }
        for (String report : Inbox.body(traces.take()).split("\2", -1)) {
          read.add(List.of(report.split(String.valueOf(FIELD_END), -1)));
        }
      }
    }
  }
}
