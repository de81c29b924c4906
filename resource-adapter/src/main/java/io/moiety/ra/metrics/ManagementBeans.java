package io.moiety.ra.metrics;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import java.lang.management.ManagementFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * What one instance of the adapter shows by JMX, under names that tell instances apart. Nothing
 * stays registered after it is closed, since a registered object would keep the adapter's class
 * loader. Thread-safe.
 */
public final class ManagementBeans implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(ManagementBeans.class.getName());
  private static final int MAX_INSTANCES = 10_000;

  private final MBeanServer server;
  private final Queue<ObjectName> names = new ConcurrentLinkedQueue<>();
  private volatile int instance;

  private ManagementBeans(MBeanServer server) {
    this.server = server;
  }

  /** Registers the adapter under the first number that is free. */
  public static ManagementBeans open(AdapterBean adapter) {
    ManagementBeans beans = new ManagementBeans(ManagementFactory.getPlatformMBeanServer());
    for (int number = 1; number <= MAX_INSTANCES; number++) {
      if (beans.registerAs(number, adapter)) {
        beans.instance = number;
        break;
      }
    }
    return beans;
  }

  private boolean registerAs(int number, AdapterBean adapter) {
    try {
      names.add(
          server
              .registerMBean(
                  adapter, new ObjectName("io.moiety:type=ResourceAdapter,instance=" + number))
              .getObjectName());
      return true;
    } catch (InstanceAlreadyExistsException taken) {
      LOGGER.log(DEBUG, "Another instance is number {0}", number);
      return false;
    } catch (JMException | RuntimeException refused) {
      notShown("The resource adapter", refused);
      return true;
    }
  }

  /**
   * Shows a message-driven bean of this adapter. Several that have the same class and receive from
   * the same destination are told apart by a number.
   *
   * @return what hides it again
   */
  public Runnable show(ActivationMXBean activation, String beanClass, String destination) {
    for (int number = 1; number <= MAX_INSTANCES; number++) {
      try {
        ObjectName registered =
            server.registerMBean(activation, name(beanClass, destination, number)).getObjectName();
        names.add(registered);
        return () -> hide(registered);
      } catch (InstanceAlreadyExistsException taken) {
        LOGGER.log(DEBUG, "Another activation of {0} is number {1}", beanClass, number);
      } catch (JMException | RuntimeException refused) {
        notShown("Message-driven bean " + beanClass, refused);
        break;
      }
    }
    return () -> {};
  }

  private ObjectName name(String beanClass, String destination, int number) throws JMException {
    return new ObjectName(
        "io.moiety:type=Activation,instance="
            + instance
            + ",bean="
            + ObjectName.quote(beanClass)
            + ",destination="
            + ObjectName.quote(destination)
            + (number == 1 ? "" : ",number=" + number));
  }

  /** Nothing else depends on it. */
  private static void notShown(String what, Exception refused) {
    LOGGER.log(WARNING, what + " is not shown by JMX: " + refused);
  }

  private void hide(ObjectName name) {
    names.remove(name);
    try {
      server.unregisterMBean(name);
    } catch (JMException gone) {
      LOGGER.log(DEBUG, "Was not registered any more", gone);
    }
  }

  /** Closed twice without harm. */
  @Override
  public void close() {
    for (ObjectName name = names.peek(); name != null; name = names.peek()) {
      hide(name);
    }
  }
}
