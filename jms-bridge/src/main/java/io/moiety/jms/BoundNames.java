package io.moiety.jms;

import java.util.Collections;
import java.util.Hashtable;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import javax.naming.Binding;
import javax.naming.CompositeName;
import javax.naming.Context;
import javax.naming.Name;
import javax.naming.NameClassPair;
import javax.naming.NameNotFoundException;
import javax.naming.NameParser;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.OperationNotSupportedException;
import org.jspecify.annotations.Nullable;

/**
 * The names of {@link MoietyInitialContextFactory}: a directory of one level that is only read,
 * whose names may have slashes in them. Immutable.
 */
@SuppressWarnings("JdkObsolete") // JNDI wants a Hashtable.
final class BoundNames implements Context {

  private final Map<String, Object> bound;

  BoundNames(Map<String, Object> bound) {
    this.bound = Collections.unmodifiableMap(bound);
  }

  @Override
  public Object lookup(String name) throws NamingException {
    return find(name);
  }

  private Object find(String name) throws NamingException {
    if (name.isEmpty()) {
      return this;
    }
    Object found = bound.get(name);
    if (found == null) {
      throw new NameNotFoundException(
          "There is no "
              + name
              + "; jndi.properties names "
              + bound.keySet()
              + ", by connectionFactory., xaConnectionFactory., queue. and topic.");
    }
    return found;
  }

  @Override
  public Object lookup(Name name) throws NamingException {
    return find(name.toString());
  }

  @Override
  public Object lookupLink(Name name) throws NamingException {
    return find(name.toString());
  }

  @Override
  public Object lookupLink(String name) throws NamingException {
    return find(name);
  }

  @Override
  public NamingEnumeration<NameClassPair> list(Name name) throws NamingException {
    return list(name.toString());
  }

  @Override
  public NamingEnumeration<NameClassPair> list(String name) throws NamingException {
    requireRoot(name);
    return new Listed<>(
        bound.entrySet().stream()
            .map(entry -> new NameClassPair(entry.getKey(), entry.getValue().getClass().getName()))
            .toList());
  }

  @Override
  public NamingEnumeration<Binding> listBindings(Name name) throws NamingException {
    return listBindings(name.toString());
  }

  @Override
  public NamingEnumeration<Binding> listBindings(String name) throws NamingException {
    requireRoot(name);
    return new Listed<>(
        bound.entrySet().stream()
            .map(entry -> new Binding(entry.getKey(), entry.getValue()))
            .toList());
  }

  private static void requireRoot(String name) throws NamingException {
    if (!name.isEmpty()) {
      throw new NameNotFoundException("There are no contexts below the first, as " + name);
    }
  }

  @Override
  public NameParser getNameParser(Name name) {
    return CompositeName::new;
  }

  @Override
  public NameParser getNameParser(String name) {
    return CompositeName::new;
  }

  @Override
  public Name composeName(Name name, Name prefix) throws NamingException {
    Name composed = (Name) prefix.clone();
    return composed.addAll(name);
  }

  @Override
  public String composeName(String name, String prefix) {
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  @Override
  public String getNameInNamespace() {
    return "";
  }

  @Override
  public Hashtable<?, ?> getEnvironment() {
    return new Hashtable<>();
  }

  @Override
  public void close() {
    // Nothing is held.
  }

  @Override
  public void bind(Name name, Object object) throws NamingException {
    throw readOnly();
  }

  @Override
  public void bind(String name, Object object) throws NamingException {
    throw readOnly();
  }

  @Override
  public void rebind(Name name, Object object) throws NamingException {
    throw readOnly();
  }

  @Override
  public void rebind(String name, Object object) throws NamingException {
    throw readOnly();
  }

  @Override
  public void unbind(Name name) throws NamingException {
    throw readOnly();
  }

  @Override
  public void unbind(String name) throws NamingException {
    throw readOnly();
  }

  @Override
  public void rename(Name from, Name to) throws NamingException {
    throw readOnly();
  }

  @Override
  public void rename(String from, String to) throws NamingException {
    throw readOnly();
  }

  @Override
  public Context createSubcontext(Name name) throws NamingException {
    throw readOnly();
  }

  @Override
  public Context createSubcontext(String name) throws NamingException {
    throw readOnly();
  }

  @Override
  public void destroySubcontext(Name name) throws NamingException {
    throw readOnly();
  }

  @Override
  public void destroySubcontext(String name) throws NamingException {
    throw readOnly();
  }

  @Override
  public @Nullable Object addToEnvironment(String name, Object value) throws NamingException {
    throw readOnly();
  }

  @Override
  public @Nullable Object removeFromEnvironment(String name) throws NamingException {
    throw readOnly();
  }

  private static OperationNotSupportedException readOnly() {
    return new OperationNotSupportedException(
        "These names come from jndi.properties and are only read; add a line there");
  }

  /** What a list method found. For one thread. */
  private static final class Listed<T> implements NamingEnumeration<T> {

    private final Iterator<T> rest;

    Listed(List<T> found) {
      rest = found.iterator();
    }

    @Override
    public boolean hasMore() {
      return rest.hasNext();
    }

    @Override
    public T next() {
      return rest.next();
    }

    @Override
    public boolean hasMoreElements() {
      return rest.hasNext();
    }

    @Override
    public T nextElement() {
      return rest.next();
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
