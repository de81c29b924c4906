package io.moiety.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.Connection;
import jakarta.jms.InvalidSelectorException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The broker's selectors against the truth tables of the specification (Jakarta Messaging 3.1,
 * section 3.8.1.2), written down here once more: every expression is made together with what it
 * must be, true, false or unknown, for a message with n = 5, s = 'b', yes = TRUE and nothing else.
 */
@Timeout(120)
@AlsoOverABreakingNetwork
class SelectorLogicTest {

  @RegisterExtension static final EmbeddedBroker BROKER = new EmbeddedBroker();

  private static final int EXPRESSIONS = 400;

  enum Truth {
    TRUE,
    FALSE,
    UNKNOWN;

    static Truth of(boolean value) {
      return value ? TRUE : FALSE;
    }

    Truth not() {
      return this == UNKNOWN ? UNKNOWN : of(this == FALSE);
    }

    Truth and(Truth other) {
      if (this == FALSE || other == FALSE) {
        return FALSE;
      }
      return of(this == TRUE && other == TRUE) == TRUE ? TRUE : UNKNOWN;
    }

    Truth or(Truth other) {
      return not().and(other.not()).not();
    }
  }

  record Expression(String text, Truth truth) {}

  private static final List<String> MISSING =
      List.of("gone = 1", "gone > n", "gone LIKE 'a%'", "gone BETWEEN 1 AND 9", "gone IN ('b')");

  private static Expression leaf(Random random) {
    int number = random.nextInt(8) + 1;
    String letter = String.valueOf((char) ('a' + random.nextInt(3)));
    return switch (random.nextInt(9)) {
      case 0 -> new Expression("n = " + number, Truth.of(number == 5));
      case 1 -> new Expression("n < " + number, Truth.of(5 < number));
      case 2 -> new Expression("n + 1 >= " + number, Truth.of(6 >= number));
      case 3 -> new Expression("s = '" + letter + "'", Truth.of(letter.equals("b")));
      case 4 -> new Expression("s IN ('" + letter + "', 'z')", Truth.of(letter.equals("b")));
      case 5 -> new Expression("s LIKE '" + letter + "%'", Truth.of(letter.equals("b")));
      case 6 -> new Expression("yes", Truth.TRUE);
      case 7 -> new Expression("gone IS NULL", Truth.TRUE);
      default -> new Expression(MISSING.get(random.nextInt(MISSING.size())), Truth.UNKNOWN);
    };
  }

  private static Expression expression(Random random, int depth) {
    if (depth == 0) {
      return leaf(random);
    }
    Expression left = expression(random, depth - 1);
    if (random.nextInt(4) == 0) {
      return new Expression("NOT (" + left.text() + ")", left.truth().not());
    }
    Expression right = expression(random, depth - 1);
    return random.nextBoolean()
        ? new Expression(
            "(" + left.text() + ") AND (" + right.text() + ")", left.truth().and(right.truth()))
        : new Expression(
            "(" + left.text() + ") OR (" + right.text() + ")", left.truth().or(right.truth()));
  }

  private static boolean selects(Session session, Queue queue, String selector) throws Exception {
    try (QueueBrowser browser = session.createBrowser(queue, selector)) {
      return browser.getEnumeration().hasMoreElements();
    }
  }

  @Test
  void selectorsAndTheirNegationsAreTrueFalseOrUnknownAsTheTablesSay() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    try (Connection connection = BROKER.factory().createConnection()) {
      Session session = connection.createSession();
      Queue queue = session.createQueue(EmbeddedBroker.uniqueName("logic"));
      Message message = session.createMessage();
      message.setIntProperty("n", 5);
      message.setStringProperty("s", "b");
      message.setBooleanProperty("yes", true);
      try (MessageProducer producer = session.createProducer(queue)) {
        producer.send(message);
      }
      List<String> wrong = new ArrayList<>();
      for (int i = 0; i < EXPRESSIONS; i++) {
        Expression made = expression(random, random.nextInt(4));
        boolean selected = selects(session, queue, made.text());
        boolean selectedNegated = selects(session, queue, "NOT (" + made.text() + ")");
        if (selected != (made.truth() == Truth.TRUE)
            || selectedNegated != (made.truth() == Truth.FALSE)) {
          wrong.add(made.text() + " is " + made.truth());
        }
      }
      assertThat(wrong).as("with seed " + seed).isEmpty();
    }
  }

  @Test
  void numbersAreWrittenAsInTheJavaLanguage() throws Exception {
    try (Connection connection = BROKER.factory().createConnection()) {
      Session session = connection.createSession();
      Queue queue = session.createQueue(EmbeddedBroker.uniqueName("numbers"));
      Message message = session.createMessage();
      message.setLongProperty("n", 29);
      message.setLongProperty("least", Long.MIN_VALUE);
      message.setLongProperty("most", Long.MAX_VALUE);
      message.setFloatProperty("tenth", 0.1f);
      message.setDoubleProperty("zero", -0.0);
      try (MessageProducer producer = session.createProducer(queue)) {
        producer.send(message);
      }
      for (String selector :
          List.of(
              "least = " + Long.MIN_VALUE + "L AND most = " + Long.MAX_VALUE + "L",
              "n = 035 AND n = 0x1d AND n = 0X1DL AND n = 0b11101 AND n = 2_9",
              "n = 29. AND n = 29d AND n = 29.0f AND n = .29e2 AND n = 290E-1D AND n = 0x1.dp4",
              "tenth = 0.1f AND tenth <> 0.1",
              "zero = 0 AND zero = -0.0 AND zero >= 0d AND NOT zero < 0")) {
        assertThat(selects(session, queue, selector)).as(selector).isTrue();
      }
      for (String selector :
          List.of("n = 029", "n = 9223372036854775808", "n = 1e999", "n = 2__")) {
        assertThatThrownBy(() -> session.createBrowser(queue, selector))
            .as(selector)
            .isInstanceOf(InvalidSelectorException.class)
            .hasMessageContaining(selector);
      }
    }
  }
}
