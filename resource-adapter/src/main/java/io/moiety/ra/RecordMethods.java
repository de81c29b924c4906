package io.moiety.ra;

import static java.lang.System.Logger.Level.DEBUG;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;

/**
 * The JDK's own methods of records. JDK 17 remembers there, in statics of its own, for which record
 * it made {@code equals}, {@code hashCode} and {@code toString} last, and so keeps that record's
 * class loader until another record comes along. Stateless.
 */
final class RecordMethods {

  private static final System.Logger LOGGER = System.getLogger(RecordMethods.class.getName());

  private RecordMethods() {}

  /** Has the JDK remember a class of its own instead of one of ours. */
  static void forgetOurs() {
    try {
      MethodHandle component =
          MethodHandles.publicLookup()
              .findVirtual(String.class, "strip", MethodType.methodType(String.class));
      make("equals", MethodType.methodType(boolean.class, String.class, Object.class), component);
      make("hashCode", MethodType.methodType(int.class, String.class), component);
      make("toString", MethodType.methodType(String.class, String.class), component);
    } catch (Throwable notNeeded) {
      // Whatever it is: a newer JDK, which insists on a record, remembers nothing.
      LOGGER.log(DEBUG, "The JDK was not made to forget the adapter''s records", notNeeded);
    }
  }

  private static void make(String method, MethodType type, MethodHandle component)
      throws Throwable {
    ObjectMethods.bootstrap(
        MethodHandles.lookup(), method, type, String.class, "component", component);
  }
}
