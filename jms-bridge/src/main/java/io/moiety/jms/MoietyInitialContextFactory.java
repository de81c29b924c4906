package io.moiety.jms;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Hashtable;
import java.util.Map;
import java.util.TreeMap;
import javax.naming.ConfigurationException;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * Finds connection factories and destinations in {@code jndi.properties}, for programs without a
 * server's directory:
 *
 * <pre>
 *   java.naming.factory.initial = io.moiety.jms.MoietyInitialContextFactory
 *   connectionFactory.jms/main  = localhost:9876?user=shop&amp;prefetch=32
 *   xaConnectionFactory.jms/xa  = localhost:9876
 *   queue.jms/orders            = orders
 *   topic.jms/news              = news
 * </pre>
 *
 * <p>What follows the question mark are properties of the factory; in their values {@code %26}
 * stands for an ampersand, {@code %25} for a percent sign, and so on for other bytes of UTF-8.
 * Public because JNDI finds it by name. Stateless.
 */
public final class MoietyInitialContextFactory implements InitialContextFactory {

  /** Called by JNDI. */
  public MoietyInitialContextFactory() {}

  @Override
  public Context getInitialContext(@Nullable Hashtable<?, ?> environment) throws NamingException {
    Map<String, Object> bound = new TreeMap<>();
    if (environment != null) {
      for (Map.Entry<?, ?> property : environment.entrySet()) {
        bind(property.getKey().toString(), property.getValue().toString(), bound);
      }
    }
    return new BoundNames(bound);
  }

  private static void bind(String key, String value, Map<String, Object> bound)
      throws NamingException {
    int dot = key.indexOf('.');
    String kind = dot < 0 ? "" : key.substring(0, dot);
    String name = key.substring(dot + 1);
    try {
      switch (kind) {
        case "connectionFactory" ->
            bound.put(name, configured(new MoietyConnectionFactory(), value));
        case "xaConnectionFactory" ->
            bound.put(name, configured(new MoietyXAConnectionFactory(), value));
        case "queue" -> bound.put(name, new MoietyQueue(value));
        case "topic" -> bound.put(name, new MoietyTopic(value));
        default -> {}
      }
    } catch (IllegalArgumentException wrong) {
      ConfigurationException refused =
          new ConfigurationException(
              "Property " + key + " of jndi.properties: " + wrong.getMessage());
      refused.initCause(wrong);
      throw refused;
    }
  }

  private static MoietyFactory configured(MoietyFactory factory, String value) {
    String[] parts = value.split("\\?", 2);
    if (parts[0].isBlank()) {
      throw new IllegalArgumentException("it names no broker; write host:port");
    }
    factory.setAddresses(parts[0].strip());
    if (parts.length == 2) {
      for (String pair : parts[1].split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals < 0) {
          throw new IllegalArgumentException(
              "'" + pair + "' is no property; write name=value, several separated by &");
        }
        factory.set(pair.substring(0, equals).strip(), decoded(pair.substring(equals + 1).strip()));
      }
    }
    return factory;
  }

  /** A plus sign stands for itself: these are no forms of web pages. */
  private static String decoded(String value) {
    return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
