package io.moiety.benchmarks.load;

import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.common.message.Message;

/** Synchronous sends through the official client by some threads. */
public final class OfficialSends {

  private static final String TOPIC = "benchmark";

  private OfficialSends() {}

  /** With {@code nameServer}, {@code threads}, {@code bytes}, {@code warmUp}, {@code seconds}. */
  public static void main(String[] texts) throws Exception {
    Arguments arguments = Arguments.parse(texts);
    byte[] body = new byte[arguments.number("bytes")];
    DefaultMQProducer producer = OfficialProducer.started(arguments);
    try {
      OfficialProducer.sendFirst(producer, new Message(TOPIC, body));
      Announcer announcer = new Announcer(System.out);
      announcer.result(
          ClosedLoop.of(arguments, announcer)
              .run(() -> OfficialProducer.require(producer.send(new Message(TOPIC, body)))));
    } finally {
      producer.shutdown();
    }
  }
}
