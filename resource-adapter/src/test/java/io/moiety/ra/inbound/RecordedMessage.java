package io.moiety.ra.inbound;

import io.moiety.jms.spi.InboundMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.lang.reflect.Proxy;
import java.util.List;

/** A message that writes down what is done to it. */
final class RecordedMessage implements InboundMessage {

  private final List<String> calls;
  private final Message message =
      (Message)
          Proxy.newProxyInstance(
              getClass().getClassLoader(), new Class<?>[] {Message.class}, (p, m, a) -> null);

  RecordedMessage(List<String> calls) {
    this.calls = calls;
  }

  @Override
  public Message message() {
    return message;
  }

  @Override
  public int deliveryCount() {
    return 1;
  }

  @Override
  public void handOver() {
    calls.add("handOver");
  }

  @Override
  public void acknowledge() throws JMSException {
    calls.add("acknowledge");
  }

  @Override
  public void giveBack() {
    calls.add("giveBack");
  }
}
