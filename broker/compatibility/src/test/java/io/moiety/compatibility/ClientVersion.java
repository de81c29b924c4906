package io.moiety.compatibility;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;

/**
 * What lies elsewhere in the client 4.9 than in 5.x, against which the tests are compiled. A class
 * whose tests are about something that 4.9 does not have has the tag {@value #ONLY_5}.
 */
final class ClientVersion {

  static final String ONLY_5 = "client-5";

  private ClientVersion() {}

  /** {@code MessageModel} is of another package in each. */
  static void setBroadcasting(DefaultMQPushConsumer consumer) {
    try {
      Method setter =
          Arrays.stream(DefaultMQPushConsumer.class.getMethods())
              .filter(method -> method.getName().equals("setMessageModel"))
              .findFirst()
              .orElseThrow();
      Object broadcasting =
          Arrays.stream(setter.getParameterTypes()[0].getEnumConstants())
              .filter(model -> model.toString().equals("BROADCASTING"))
              .findFirst()
              .orElseThrow();
      setter.invoke(consumer, broadcasting);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new LinkageError("no setMessageModel in this client", e);
    }
  }
}
