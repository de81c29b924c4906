package io.moiety.ra;

import java.io.IOException;
import java.io.InputStream;

/** Loads chosen classes once more, as another application would have them; the rest is shared. */
final class SecondLoader extends ClassLoader {

  SecondLoader() {
    super(SecondLoader.class.getClassLoader());
  }

  /** A class of this package, of which nothing is left when this loader is not. */
  Class<?> loadAgain(Class<?> type) throws IOException {
    String name = type.getName();
    try (InputStream file =
        type.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
      byte[] code = file.readAllBytes();
      return defineClass(name, code, 0, code.length);
    }
  }
}
