package io.moiety.compatibility;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.XAConnectionFactory;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The Jakarta Messaging bridge as it is shipped, with the libraries that it brings along, and
 * nothing of RocketMQ's client, which has its own and other ones on the tests' class path. Only the
 * interfaces of Jakarta Messaging are the tests' own. Thread-safe.
 */
final class BridgeJars extends URLClassLoader {

  private static final String SHARED = "jakarta.jms.";

  private BridgeJars(URL[] jars) {
    super("bridge", jars, ClassLoader.getPlatformClassLoader());
  }

  static BridgeJars open() throws IOException {
    List<URL> jars = new ArrayList<>();
    jars.add(url(Path.of(System.getProperty("bridge.jar"))));
    try (Stream<Path> libraries = Files.list(Path.of(System.getProperty("bridge.libraries")))) {
      for (Path library : libraries.toList()) {
        jars.add(url(library));
      }
    }
    return new BridgeJars(jars.toArray(URL[]::new));
  }

  private static URL url(Path jar) throws MalformedURLException {
    return jar.toUri().toURL();
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    return name.startsWith(SHARED)
        ? BridgeJars.class.getClassLoader().loadClass(name)
        : super.findClass(name);
  }

  ConnectionFactory factory(String address) {
    return make("io.moiety.jms.MoietyConnectionFactory", ConnectionFactory.class, address);
  }

  XAConnectionFactory xaFactory(String address) {
    return make("io.moiety.jms.MoietyXAConnectionFactory", XAConnectionFactory.class, address);
  }

  private <F> F make(String className, Class<F> type, String address) {
    try {
      return type.cast(loadClass(className).getConstructor(String.class).newInstance(address));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("no " + className + " in the bridge's jars", e);
    }
  }
}
