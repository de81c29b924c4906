package io.moiety.jms;

import jakarta.jms.JMSException;
import jakarta.jms.MessageFormatException;
import jakarta.jms.ObjectMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A serialized object. The bytes are taken when it is set, so that later changes of the object do
 * not matter; a received one is brought to life at each look, and only as far as the factory's
 * {@code trustedClasses} allow.
 */
final class JmsObjectMessage extends JmsMessage implements ObjectMessage {

  private byte @Nullable [] serialized;

  /** Null for what this JVM serialized itself. */
  private @Nullable TrustedClasses trusted;

  static JmsObjectMessage decode(ByteBuffer body, boolean isNull, TrustedClasses trusted) {
    JmsObjectMessage message = new JmsObjectMessage();
    message.trusted = trusted;
    if (!isNull) {
      message.serialized = new byte[body.remaining()];
      body.duplicate().get(message.serialized);
    }
    return message;
  }

  @Override
  BodyType bodyType() {
    return BodyType.OBJECT;
  }

  @Override
  ByteBuffer encodedBody() {
    return serialized == null ? ByteBuffer.allocate(0) : ByteBuffer.wrap(serialized);
  }

  @Override
  boolean bodyIsNull() {
    return serialized == null;
  }

  @Override
  void eraseBody() {
    serialized = null;
    trusted = null;
  }

  @Override
  @Nullable Object bodyAs(Class<?> wanted) throws JMSException {
    return getObject();
  }

  /** False also for an object that cannot be brought to life; {@link #getBody} tells why. */
  @Override
  boolean bodyFits(Class<?> wanted) {
    try {
      return serialized == null || wanted.isInstance(getObject());
    } catch (JMSException unreadable) {
      return false;
    }
  }

  /** Looks at the object once, and says why it cannot be given. */
  @Override
  public <T> @Nullable T getBody(Class<T> wanted) throws JMSException {
    Serializable object = getObject();
    if (object != null && !wanted.isInstance(object)) {
      throw cannotBeGivenAs(wanted);
    }
    return wanted.cast(object);
  }

  @Override
  public void setObject(@Nullable Serializable object) throws JMSException {
    requireWritableBody();
    if (object == null) {
      serialized = null;
      return;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    } catch (IOException unserializable) {
      throw JmsExceptions.caused(
          new MessageFormatException(
              "A " + object.getClass().getName() + " cannot be serialized: " + unserializable),
          unserializable);
    }
    serialized = bytes.toByteArray();
    trusted = null;
  }

  @Override
  public @Nullable Serializable getObject() throws JMSException {
    byte[] bytes = serialized;
    if (bytes == null) {
      return null;
    }
    try (ObjectInputStream in =
        new ContextObjectInputStream(new ByteArrayInputStream(bytes), trusted)) {
      return (Serializable) in.readObject();
    } catch (InvalidClassException refused) {
      throw JmsExceptions.caused(
          new MessageFormatException(
              "The object in the message cannot be read: "
                  + refused.getMessage()
                  + "; if its sender is trusted, name its classes in the connection factory's property trustedClasses"),
          refused);
    } catch (IOException | ClassNotFoundException | RuntimeException unreadable) {
      // Reading runs the code of the object's class, which may throw anything.
      throw JmsExceptions.caused(
          new MessageFormatException("The object in the message cannot be read: " + unreadable),
          unreadable);
    }
  }

  /**
   * Finds classes as the application's thread does, and filters them; what the JVM's own filter
   * rejects stays rejected.
   */
  private static final class ContextObjectInputStream extends ObjectInputStream {

    ContextObjectInputStream(InputStream in, @Nullable ObjectInputFilter filter)
        throws IOException {
      super(in);
      if (filter != null) {
        setObjectInputFilter(
            ObjectInputFilter.merge(filter, ObjectInputFilter.Config.getSerialFilter()));
      }
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description)
        throws IOException, ClassNotFoundException {
      ClassLoader context = Thread.currentThread().getContextClassLoader();
      if (context != null) {
        try {
          return Class.forName(description.getName(), false, context);
        } catch (ClassNotFoundException notThere) {
          return super.resolveClass(description);
        }
      }
      return super.resolveClass(description);
    }
  }
}
