package io.moiety.compatibility;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.tools.admin.DefaultMQAdminExt;

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
      Method setter = messageModelSetter();
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

  private static Method messageModelSetter() {
    return Arrays.stream(DefaultMQPushConsumer.class.getMethods())
        .filter(method -> method.getName().equals("setMessageModel"))
        .findFirst()
        .orElseThrow();
  }

  /** The 4.9 client's tool takes the topic before the cluster. */
  static void deleteTopicInNameServer(
      DefaultMQAdminExt admin, String nameServerAddress, String cluster, String topic)
      throws Exception {
    boolean isOf4 =
        messageModelSetter()
            .getParameterTypes()[0]
            .getPackageName()
            .startsWith("org.apache.rocketmq.common");
    admin.deleteTopicInNameServer(
        Set.of(nameServerAddress), isOf4 ? topic : cluster, isOf4 ? cluster : topic);
  }
}
