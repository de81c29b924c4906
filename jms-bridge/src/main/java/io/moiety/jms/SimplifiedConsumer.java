package io.moiety.jms;

import io.moiety.jms.spi.BodyReceiver;
import jakarta.jms.JMSConsumer;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageListener;
import org.jspecify.annotations.Nullable;

/** A consumer of the simplified interface over one of the classic. */
final class SimplifiedConsumer implements JMSConsumer {

  private final MessageConsumer consumer;

  SimplifiedConsumer(MessageConsumer consumer) {
    this.consumer = consumer;
  }

  @Override
  public @Nullable String getMessageSelector() {
    return Unchecked.getNullable(consumer::getMessageSelector);
  }

  @Override
  public @Nullable MessageListener getMessageListener() {
    return Unchecked.getNullable(consumer::getMessageListener);
  }

  @Override
  public void setMessageListener(@Nullable MessageListener listener) {
    Unchecked.run(() -> consumer.setMessageListener(listener));
  }

  @Override
  public @Nullable Message receive() {
    return Unchecked.getNullable(consumer::receive);
  }

  @Override
  public @Nullable Message receive(long timeout) {
    return Unchecked.getNullable(() -> consumer.receive(timeout));
  }

  @Override
  public @Nullable Message receiveNoWait() {
    return Unchecked.getNullable(consumer::receiveNoWait);
  }

  @Override
  public <T> @Nullable T receiveBody(Class<T> type) {
    return body(type, 0L);
  }

  @Override
  public <T> @Nullable T receiveBody(Class<T> type, long timeout) {
    return body(type, timeout);
  }

  @Override
  public <T> @Nullable T receiveBodyNoWait(Class<T> type) {
    return body(type, null);
  }

  private <T> @Nullable T body(Class<T> type, @Nullable Long timeoutMillis) {
    if (consumer instanceof BodyReceiver receiver) {
      return Unchecked.getNullable(() -> receiver.receiveBody(type, timeoutMillis));
    }
    Message message = timeoutMillis == null ? receiveNoWait() : receive(timeoutMillis);
    return message == null ? null : Unchecked.getNullable(() -> message.getBody(type));
  }

  @Override
  public void close() {
    Unchecked.run(consumer::close);
  }
}
