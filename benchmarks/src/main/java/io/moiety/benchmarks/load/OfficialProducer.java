package io.moiety.benchmarks.load;

import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.client.producer.SendStatus;
import org.apache.rocketmq.common.message.Message;

/** How the load generators set up the official client's producer. */
final class OfficialProducer {

  private static final int SEND_TIMEOUT_MILLIS = 20_000;
  private static final long ROUTE_LIMIT_SECONDS = 30;

  private OfficialProducer() {}

  static DefaultMQProducer started(Arguments arguments) throws MQClientException {
    DefaultMQProducer producer = new DefaultMQProducer("moiety-benchmark");
    configure(producer, arguments);
    producer.start();
    return producer;
  }

  static void configure(DefaultMQProducer producer, Arguments arguments) {
    producer.setNamesrvAddr(arguments.text("nameServer"));
    producer.setSendMsgTimeout(SEND_TIMEOUT_MILLIS);
    producer.setDefaultTopicQueueNums(4);
  }

  /**
   * Sends until there is a route: a broker that has just started may not be known to its name
   * server yet.
   */
  static SendResult sendFirst(DefaultMQProducer producer, Message message) throws Exception {
    long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(ROUTE_LIMIT_SECONDS);
    while (true) {
      try {
        SendResult result = producer.send(message);
        require(result);
        return result;
      } catch (MQClientException noRoute) {
        if (System.nanoTime() > untilNanos) {
          throw noRoute;
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
  }

  /**
   * @throws IllegalStateException when the message was not stored as asked
   */
  static void require(SendResult result) {
    if (result.getSendStatus() != SendStatus.SEND_OK) {
      throw new IllegalStateException("a send was answered " + result.getSendStatus());
    }
  }
}
