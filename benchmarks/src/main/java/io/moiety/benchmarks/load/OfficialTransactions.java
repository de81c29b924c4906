package io.moiety.benchmarks.load;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.LocalTransactionState;
import org.apache.rocketmq.client.producer.TransactionListener;
import org.apache.rocketmq.client.producer.TransactionMQProducer;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageExt;

/** Transactions of one message through the official client by some threads. */
public final class OfficialTransactions {

  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong questions = new AtomicLong();

  private OfficialTransactions() {}

  /**
   * With {@code nameServer}, {@code topic}, {@code threads}, {@code bytes}, {@code warmUp}, {@code
   * seconds}, {@code rest}. The topic has one message that is no transaction's, from which the
   * producer has its route; it counts as begun.
   */
  public static void main(String[] texts) throws Exception {
    Arguments arguments = Arguments.parse(texts);
    Message first = new Message(arguments.text("topic"), new byte[arguments.number("bytes")]);
    DefaultMQProducer opener = OfficialProducer.started(arguments);
    try {
      OfficialProducer.sendFirst(opener, first);
    } finally {
      opener.shutdown();
    }
    new OfficialTransactions().run(arguments);
  }

  private void run(Arguments arguments) throws Exception {
    begun.incrementAndGet();
    byte[] body = new byte[arguments.number("bytes")];
    TransactionMQProducer producer = new TransactionMQProducer("moiety-benchmark-transactions");
    OfficialProducer.configure(producer, arguments);
    producer.setTransactionListener(listener());
    producer.start();
    try {
      Announcer announcer = new Announcer(System.out);
      Map<String, Double> numbers =
          ClosedLoop.of(arguments, announcer)
              .run(
                  () -> {
                    begun.incrementAndGet();
                    Message message = new Message(arguments.text("topic"), body);
                    OfficialProducer.require(producer.sendMessageInTransaction(message, null));
                  });
      TimeUnit.SECONDS.sleep(arguments.number("rest"));
      numbers.put("begun", (double) begun.get());
      numbers.put("questions", (double) questions.get());
      announcer.result(numbers);
    } finally {
      producer.shutdown();
    }
  }

  private TransactionListener listener() {
    return new TransactionListener() {
      @Override
      public LocalTransactionState executeLocalTransaction(Message message, Object argument) {
        return LocalTransactionState.COMMIT_MESSAGE;
      }

      @Override
      public LocalTransactionState checkLocalTransaction(MessageExt message) {
        questions.incrementAndGet();
        return LocalTransactionState.COMMIT_MESSAGE;
      }
    };
  }
}
