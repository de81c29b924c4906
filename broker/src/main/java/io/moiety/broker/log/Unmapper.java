package io.moiety.broker.log;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.util.Optional;

/**
 * Gives a mapping back at once. The only place that does: whoever touches the buffer afterwards
 * ends the process, so it is reached through the last lease only.
 *
 * <p>The JDK offers this to libraries through {@code sun.misc.Unsafe} alone. Where that is missing,
 * the garbage collector unmaps, some time later; the address space and a deleted file's blocks stay
 * in use until then.
 */
final class Unmapper {

  private static final Logger LOG = System.getLogger(Unmapper.class.getName());
  private static final Optional<MethodHandle> INVOKE_CLEANER = find();

  private Unmapper() {}

  /** Whether mappings are given back at once. */
  static boolean works() {
    return INVOKE_CLEANER.isPresent();
  }

  /**
   * Ends a mapping, when {@link #works()}.
   *
   * @param mapping as it came from the channel: a slice or a duplicate cannot be unmapped
   */
  static void unmap(MappedByteBuffer mapping) {
    if (INVOKE_CLEANER.isEmpty()) {
      return;
    }
    try {
      INVOKE_CLEANER.get().invoke(mapping);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a mapping could not be given back", e);
    }
  }

  private static Optional<MethodHandle> find() {
    try {
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field instance = unsafe.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      MethodHandle invokeCleaner =
          MethodHandles.lookup()
              .findVirtual(
                  unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class));
      return Optional.of(invokeCleaner.bindTo(instance.get(null)));
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.log(
          Level.INFO,
          "Mappings of old segments are left to the garbage collector, since this JVM has no"
              + " sun.misc.Unsafe.invokeCleaner",
          e);
      return Optional.empty();
    }
  }
}
