package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Queue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The example in README.md is the code below, and runs. */
class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");
  private static final Path THIS = Path.of("src/test/java/io/moiety/jms/ReadmeTest.java");

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private static List<String> between(Path file, String begin, String end) throws Exception {
    return Files.readString(file)
        .lines()
        .map(String::strip)
        .dropWhile(line -> !line.equals(begin))
        .skip(1)
        .takeWhile(line -> !line.equals(end))
        .toList();
  }

  @Test
  void theExampleIsTheCodeThatIsTestedHere() throws Exception {
    assertThat(between(README, "```java", "```"))
        .map(line -> line.replace("\"localhost:9876\"", "address"))
        .map(line -> line.replace("System.out.println(", "received("))
        .isEqualTo(between(THIS, "// Begin of the example.", "// End of the example."));
  }

  @Test
  void theExampleRuns() {
    String address = BROKER.address();
    // Begin of the example.
    ConnectionFactory factory = new MoietyConnectionFactory(address);
    try (JMSContext context = factory.createContext(JMSContext.SESSION_TRANSACTED)) {
      Queue orders = context.createQueue("orders");
      context.createProducer().send(orders, "never seen");
      context.rollback();
      context.createProducer().setDeliveryDelay(1_500).send(orders, "a second and a half later");
      context.commit();
      JMSConsumer consumer = context.createConsumer(orders);
      received(consumer.receiveBody(String.class, 10_000));
      context.commit();
    }
    // End of the example.
  }

  private static void received(String text) {
    assertThat(text).isEqualTo("a second and a half later");
  }
}
