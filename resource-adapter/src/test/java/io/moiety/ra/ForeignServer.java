package io.moiety.ra;

import jakarta.jms.ConnectionFactory;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A {@link TestServer} whose adapter is of another class loader, as that of a second archive in the
 * same server is: its classes are loaded a second time, only the specifications' are shared.
 */
final class ForeignServer implements AutoCloseable {

  private static final class Loader extends URLClassLoader {

    Loader(URL[] classPath) {
      super(classPath, ForeignServer.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("io.moiety.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }
  }

  private final Loader loader;
  private final Object server;

  private ForeignServer(Loader loader, Object server) {
    this.loader = loader;
    this.server = server;
  }

  static ForeignServer start(Path store) throws Exception {
    Loader loader = new Loader(classPath());
    Class<?> type = loader.loadClass(TestServer.class.getName());
    Method start = type.getDeclaredMethod("start", Path.class);
    start.setAccessible(true);
    return new ForeignServer(loader, start.invoke(null, store));
  }

  private static URL[] classPath() throws IOException {
    return Arrays.stream(
            System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1))
        .map(
            entry -> {
              try {
                return Path.of(entry).toUri().toURL();
              } catch (java.net.MalformedURLException malformed) {
                throw new IllegalStateException(malformed);
              }
            })
        .toArray(URL[]::new);
  }

  ConnectionFactory connectionFactory() throws Exception {
    return (ConnectionFactory) call("connectionFactory");
  }

  private Object call(String name) throws Exception {
    Method method = server.getClass().getDeclaredMethod(name);
    method.setAccessible(true);
    return method.invoke(server);
  }

  @Override
  public void close() throws Exception {
    call("close");
    loader.close();
  }
}
