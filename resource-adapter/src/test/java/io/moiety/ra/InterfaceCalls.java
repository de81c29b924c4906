package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.CompletionListener;
import jakarta.jms.Destination;
import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.io.Serializable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Calls all methods of an interface but {@code close}, with arguments that are right in themselves.
 *
 * @param queue to send to and to receive from
 * @param topic to subscribe to
 * @param message to send
 */
record InterfaceCalls(Queue queue, Topic topic, Message message) {

  private static final String FORBIDDEN = "is not for applications in a Jakarta EE server";

  static Stream<Method> methods(Class<?> type) {
    return Arrays.stream(type.getMethods()).filter(method -> !method.getName().equals("close"));
  }

  static String named(Method method) {
    return Arrays.stream(method.getParameterTypes())
        .map(Class::getSimpleName)
        .collect(Collectors.joining(",", method.getName() + "(", ")"));
  }

  /** Those that are refused for where they are made, each with an exception that it may throw. */
  Set<String> refused(Class<?> type, Object object) throws Exception {
    Set<String> refused = new TreeSet<>();
    for (Method method : methods(type).toList()) {
      Throwable thrown = thrownBy(method, object);
      if (thrown != null && String.valueOf(thrown.getMessage()).contains(FORBIDDEN)) {
        boolean checked = Arrays.asList(method.getExceptionTypes()).contains(JMSException.class);
        assertThat(thrown)
            .as(named(method))
            .isInstanceOf(checked ? JMSException.class : JMSRuntimeException.class);
        refused.add(named(method));
      }
    }
    return refused;
  }

  /** Those that answer otherwise than by the exception. */
  List<String> notThrowing(Class<? extends Exception> expected, Class<?> type, Object object)
      throws Exception {
    List<String> others = new ArrayList<>();
    for (Method method : methods(type).toList()) {
      Throwable thrown = thrownBy(method, object);
      if (!expected.isInstance(thrown)) {
        others.add(named(method));
      }
    }
    return others;
  }

  /** Null when the call returned. */
  private @Nullable Throwable thrownBy(Method method, Object object) throws IllegalAccessException {
    Object[] arguments =
        Arrays.stream(method.getParameterTypes()).map(this::argument).toArray(Object[]::new);
    try {
      method.invoke(object, arguments);
      return null;
    } catch (InvocationTargetException thrown) {
      return thrown.getCause();
    }
  }

  private @Nullable Object argument(Class<?> type) {
    Map<Class<?>, Object> arguments =
        Map.ofEntries(
            Map.entry(Destination.class, queue),
            Map.entry(Queue.class, queue),
            Map.entry(Topic.class, topic),
            Map.entry(Message.class, message),
            Map.entry(String.class, "name"),
            Map.entry(Map.class, Map.of("k", 1)),
            Map.entry(byte[].class, new byte[1]),
            Map.entry(Serializable.class, 1),
            Map.entry(boolean.class, false),
            Map.entry(Object.class, "object"),
            Map.entry(byte.class, (byte) 1),
            Map.entry(short.class, (short) 1),
            Map.entry(int.class, Session.AUTO_ACKNOWLEDGE),
            Map.entry(float.class, 1f),
            Map.entry(double.class, 1.0),
            Map.entry(long.class, 5_000L),
            Map.entry(Class.class, String.class),
            Map.entry(CompletionListener.class, new IgnoredCompletions()),
            Map.entry(MessageListener.class, (MessageListener) ignored -> {}),
            Map.entry(ExceptionListener.class, (ExceptionListener) ignored -> {}));
    return arguments.get(type);
  }

  private static final class IgnoredCompletions implements CompletionListener {
    @Override
    public void onCompletion(Message sent) {}

    @Override
    public void onException(Message sent, Exception failure) {}
  }
}
