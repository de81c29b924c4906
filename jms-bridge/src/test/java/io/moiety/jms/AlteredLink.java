package io.moiety.jms;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.function.Function;

/** A fake link but for the answer to one of its methods. */
final class AlteredLink {

  private AlteredLink() {}

  /**
   * @param method its name
   * @param answer given the arguments
   */
  static Link of(FakeLink link, String method, Function<Object[], Object> answer) {
    if (Arrays.stream(Link.class.getMethods()).map(Method::getName).noneMatch(method::equals)) {
      throw new IllegalArgumentException("A link has no method " + method);
    }
    return (Link)
        Proxy.newProxyInstance(
            Link.class.getClassLoader(),
            new Class<?>[] {Link.class},
            (proxy, called, arguments) -> {
              if (called.getName().equals(method)) {
                return answer.apply(arguments);
              }
              if (called.getName().equals("equals") && called.getDeclaringClass() == Object.class) {
                return proxy == arguments[0];
              }
              try {
                return called.invoke(link, arguments);
              } catch (InvocationTargetException failure) {
                throw failure.getCause();
              }
            });
  }
}
