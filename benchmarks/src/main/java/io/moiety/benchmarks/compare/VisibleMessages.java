package io.moiety.benchmarks.compare;

import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.RequestCode;
import io.moiety.protocol.ResponseCode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * How many messages a topic shows to consumers: the sum of its queues' ends.
 *
 * @param broker asked over a connection of its own each time, which it need not keep open
 */
record VisibleMessages(InetSocketAddress broker, String topic, int queues) {

  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

  long count() throws FigureException, IOException {
    long count = 0;
    try (BareConnection connection = new BareConnection(broker, ANSWER_LIMIT)) {
      for (int queue = 0; queue < queues; queue++) {
        Fields fields = Fields.builder().put("topic", topic).put("queueId", queue).build();
        Command answer = connection.ask(Command.request(RequestCode.GET_MAX_OFFSET, fields));
        if (answer.code() != ResponseCode.SUCCESS) {
          throw new FigureException(
              "the end of queue %d of %s: %d %s"
                  .formatted(queue, topic, answer.code(), answer.remark()));
        }
        count += answer.fields().requiredLong("offset");
      }
    }
    return count;
  }
}
