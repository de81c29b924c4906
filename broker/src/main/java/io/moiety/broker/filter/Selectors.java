package io.moiety.broker.filter;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Compiles selectors and remembers the ones used last, since each receive request names its
 * selector again.
 *
 * <p>Thread-safe: its own lock protects the remembered ones.
 */
public final class Selectors {
  private static final int REMEMBERED = 1_000;

  private final Map<Key, MessageFilter> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, MessageFilter> eldest) {
          return size() > REMEMBERED;
        }
      };

  private record Key(SelectorDialect dialect, String text) {}

  /**
   * Compiles a selector, or finds it.
   *
   * @param text a selector; blank for everything, as Jakarta Messaging has it
   * @throws BadFilterException when it cannot be understood
   */
  public MessageFilter compile(SelectorDialect dialect, String text) {
    if (text.isBlank()) {
      return MessageFilter.ALL;
    }
    Key key = new Key(dialect, text);
    synchronized (remembered) {
      MessageFilter known = remembered.get(key);
      if (known != null) {
        return known;
      }
    }
    MessageFilter compiled = Selector.compile(dialect, text);
    synchronized (remembered) {
      remembered.put(key, compiled);
    }
    return compiled;
  }

  int remembered() {
    synchronized (remembered) {
      return remembered.size();
    }
  }
}
