package io.moiety.compatibility;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts a broker when the first test asks for it, one for each set of settings, and clients and a
 * bridge of its own for each test. JUnit closes all: the brokers after all tests, the others after
 * theirs.
 */
final class OnBrokerExtension implements ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(OnBrokerExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    Class<?> type = parameter.getParameter().getType();
    return type == Clients.class || type == Bridge.class || type == JudgedBroker.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    JudgedBroker broker = broker(test);
    Class<?> type = parameter.getParameter().getType();
    if (type == JudgedBroker.class) {
      return broker;
    }
    if (type == Bridge.class) {
      return test.getStore(NAMESPACE)
          .getOrComputeIfAbsent("bridge", key -> new Bridge(bridgeJars(test), broker));
    }
    return test.getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            "clients", key -> new Clients(broker, test.getRequiredTestMethod().getName()));
  }

  private static JudgedBroker broker(ExtensionContext test) {
    List<String> settings =
        List.of(test.getRequiredTestClass().getAnnotation(OnBroker.class).value());
    return test.getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(settings, key -> started(settings), JudgedBroker.class);
  }

  /** One for all tests: its class loader keeps a copy of Netty's native code. */
  private static BridgeJars bridgeJars(ExtensionContext test) {
    return test.getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent("bridge jars", key -> opened(), BridgeJars.class);
  }

  private static BridgeJars opened() {
    try {
      return BridgeJars.open();
    } catch (IOException e) {
      throw new UncheckedIOException("no bridge", e);
    }
  }

  private static JudgedBroker started(List<String> settings) {
    try {
      return JudgedBroker.start(asMap(settings));
    } catch (IOException e) {
      throw new UncheckedIOException("no broker with " + settings, e);
    }
  }

  private static Map<String, String> asMap(List<String> settings) {
    return settings.stream()
        .map(setting -> setting.split("=", 2))
        .flatMap(
            parts ->
                parts.length == 2
                    ? Stream.of(Map.entry(parts[0], parts[1]))
                    : Stream.<Map.Entry<String, String>>empty())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
