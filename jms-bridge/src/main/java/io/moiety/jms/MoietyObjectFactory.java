package io.moiety.jms;

import java.util.Hashtable;
import java.util.Map;
import javax.naming.Context;
import javax.naming.Name;
import javax.naming.Reference;
import javax.naming.StringRefAddr;
import javax.naming.spi.ObjectFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes connection factories, queues and topics from the references that JNDI keeps of them. Public
 * because JNDI finds it by name. Stateless.
 */
public final class MoietyObjectFactory implements ObjectFactory {

  private static final String NAME = "name";

  /** Called by JNDI. */
  public MoietyObjectFactory() {}

  static Reference reference(NamedDestination destination) {
    return reference(destination.getClass(), Map.of(NAME, destination.name()));
  }

  static Reference reference(MoietyFactory factory) {
    return reference(factory.getClass(), factory.asMap());
  }

  private static Reference reference(Class<?> type, Map<String, String> addresses) {
    Reference reference = new Reference(type.getName(), MoietyObjectFactory.class.getName(), null);
    addresses.forEach((name, value) -> reference.add(new StringRefAddr(name, value)));
    return reference;
  }

  /** Null, as JNDI wants it, for references of others. */
  @Override
  public @Nullable Object getObjectInstance(
      Object object,
      @Nullable Name name,
      @Nullable Context context,
      @Nullable Hashtable<?, ?> environment) {
    if (!(object instanceof Reference reference)) {
      return null;
    }
    String type = reference.getClassName();
    if (type.equals(MoietyQueue.class.getName())) {
      return new MoietyQueue(text(reference, NAME));
    }
    if (type.equals(MoietyTopic.class.getName())) {
      return new MoietyTopic(text(reference, NAME));
    }
    if (type.equals(MoietyConnectionFactory.class.getName())) {
      return configured(new MoietyConnectionFactory(), reference);
    }
    if (type.equals(MoietyXAConnectionFactory.class.getName())) {
      return configured(new MoietyXAConnectionFactory(), reference);
    }
    return null;
  }

  private static MoietyFactory configured(MoietyFactory factory, Reference reference) {
    for (String property : factory.asMap().keySet()) {
      if (reference.get(property) != null) {
        factory.set(property, text(reference, property));
      }
    }
    return factory;
  }

  private static String text(Reference reference, String name) {
    Object content = reference.get(name) == null ? null : reference.get(name).getContent();
    if (content == null) {
      throw new IllegalArgumentException(
          "The JNDI reference of a " + reference.getClassName() + " lacks its property " + name);
    }
    return content.toString();
  }
}
