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

  private final int deliveryCount;

  /** Whether the broker has given it to another receiver meanwhile. */
  boolean leaseLost;

  /** Whether the broker does not hear of an acknowledgement. */
  boolean acknowledgementLost;

  RecordedMessage(List<String> calls) {
    this(calls, 1);
  }

  RecordedMessage(List<String> calls, int deliveryCount) {
    this.calls = calls;
    this.deliveryCount = deliveryCount;
  }

  @Override
  public Message message() {
    return message;
  }

  @Override
  public int deliveryCount() {
    return deliveryCount;
  }

  @Override
  public void handOver() {
    calls.add("handOver");
  }

  @Override
  public void confirmHandOver() throws JMSException {
    calls.add("confirmHandOver");
    if (leaseLost) {
      throw new JMSException("leased to another receiver");
    }
  }

  @Override
  public void acknowledge() throws JMSException {
    calls.add("acknowledge");
    if (acknowledgementLost) {
      throw new JMSException("no answer");
    }
  }

  @Override
  public void giveBack() {
    calls.add("giveBack");
  }
}
