package io.moiety.benchmarks.jms;

import io.moiety.benchmarks.load.Arguments;
import jakarta.jms.BytesMessage;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import jakarta.jms.XAConnectionFactory;

/**
 * The provider that is measured: {@code factory}, {@code address} and {@code options}, which go
 * behind the address, of the arguments.
 */
final class Provider {

  private Provider() {}

  static ConnectionFactory factory(Arguments arguments) throws ReflectiveOperationException {
    return open(arguments, ConnectionFactory.class);
  }

  /** Where {@code factory} is one for transactions that a transaction manager decides. */
  static XAConnectionFactory xaFactory(Arguments arguments) throws ReflectiveOperationException {
    return open(arguments, XAConnectionFactory.class);
  }

  /** A message as every load sends it. */
  static Message message(Session session, byte[] body) throws JMSException {
    BytesMessage message = session.createBytesMessage();
    message.writeBytes(body);
    return message;
  }

  private static <T> T open(Arguments arguments, Class<T> type)
      throws ReflectiveOperationException {
    return type.cast(
        Class.forName(arguments.text("factory"))
            .getConstructor(String.class)
            .newInstance(arguments.text("address") + arguments.text("options")));
  }
}
