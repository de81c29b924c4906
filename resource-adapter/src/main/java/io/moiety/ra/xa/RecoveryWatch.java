package io.moiety.ra.xa;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.moiety.ra.work.ContainerTasks;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * Warns when a connection factory or a bean takes part in transactions and the server's recovery
 * has not asked for any of them after a while: after a crash its prepared transactions would stay
 * in doubt, and a missing line of configuration would show only then. Thread-safe.
 */
public final class RecoveryWatch {

  /** Those that recovery asks the resource adapter itself for. */
  public static final Object BEANS = "the resource adapter for its message-driven beans";

  private static final System.Logger LOGGER = System.getLogger(RecoveryWatch.class.getName());

  /**
   * Payara and GlassFish, which recover at their start or by command, and not from time to time.
   */
  private static final String RECOVERS_BY_COMMAND = "com.sun.aas.instanceRoot";

  private final ContainerTasks tasks;
  private final long afterMillis;
  private final BooleanSupplier brokerIsShared;
  private final Function<String, @Nullable String> systemProperties;
  private final Set<Object> used;
  private final Set<Object> asked;
  private final Set<Object> warnedOfName;

  /** By this view; other views are of other brokers. */
  private final Set<Object> lookedAt = ConcurrentHashMap.newKeySet();

  /**
   * Watches what it is told of.
   *
   * @param afterMillis from the first transaction; 0 for no warning
   * @param brokerIsShared with other servers, whose branches recovery meets; asked with the first
   *     transaction of each
   * @param systemProperties null for those that are not set
   */
  public RecoveryWatch(
      ContainerTasks tasks,
      long afterMillis,
      BooleanSupplier brokerIsShared,
      Function<String, @Nullable String> systemProperties) {
    this(
        tasks,
        afterMillis,
        brokerIsShared,
        systemProperties,
        ConcurrentHashMap.newKeySet(),
        ConcurrentHashMap.newKeySet(),
        ConcurrentHashMap.newKeySet());
  }

  private RecoveryWatch(
      ContainerTasks tasks,
      long afterMillis,
      BooleanSupplier brokerIsShared,
      Function<String, @Nullable String> systemProperties,
      Set<Object> used,
      Set<Object> asked,
      Set<Object> warnedOfName) {
    this.tasks = tasks;
    this.afterMillis = afterMillis;
    this.brokerIsShared = brokerIsShared;
    this.systemProperties = systemProperties;
    this.used = used;
    this.asked = asked;
    this.warnedOfName = warnedOfName;
  }

  /** The same for connections to a broker that may serve other servers too. */
  public RecoveryWatch overSharedBroker() {
    return new RecoveryWatch(
        tasks, afterMillis, () -> true, systemProperties, used, asked, warnedOfName);
  }

  /**
   * Somebody takes part in a transaction.
   *
   * @param who equal for those that recovery asks together; named in a warning by its text
   * @param branch by which
   */
  public void used(Object who, Xid branch) {
    if (afterMillis == 0) {
      return;
    }
    if (!lookedAt.contains(who) && lookedAt.add(who)) {
      checkNodeName(who, branch);
    }
    if (!used.contains(who) && used.add(who)) {
      tasks.executeAfter(afterMillis, () -> check(who));
    }
  }

  private void checkNodeName(Object who, Xid branch) {
    if (brokerIsShared.getAsBoolean()
        && NodeName.of(branch).filter(NodeName.WILDFLY_DEFAULT::equals).isPresent()
        && warnedOfName.add(who)) {
      LOGGER.log(
          WARNING,
          "The transactions of this server carry WildFly''s default node identifier {0}. The broker"
              + " of {1} may serve other servers too: a second one of the same"
              + " name would roll back the prepared transactions of this one. Give each server its"
              + " own: /subsystem=transactions:write-attribute(name=node-identifier,value=...)",
          NodeName.WILDFLY_DEFAULT,
          who);
    }
  }

  /** Recovery has asked. */
  public void asked(Object who) {
    if (!asked.contains(who)) {
      asked.add(who);
    }
  }

  private void check(Object who) {
    if (asked.contains(who)) {
      return;
    }
    if (isSet(RECOVERS_BY_COMMAND)) {
      LOGGER.log(
          INFO,
          "This server has not asked {0} for transactions to recover; it does so"
              + " at its start and by command. After a crash run asadmin recover-transactions once"
              + " the application is deployed, and keep automatic-recovery of the transaction"
              + " service on",
          who);
    } else {
      LOGGER.log(
          WARNING,
          "The server''s recovery has not asked {0} in {1} s since its first"
              + " transaction. After a crash its prepared transactions would stay in doubt until an"
              + " administrator decides them. WildFly: a connection definition needs a recovery"
              + " with a recover-credential, as META-INF/ironjacamar.xml of the archive has it;"
              + " factories of @ConnectionFactoryDefinition have none",
          who,
          afterMillis / 1_000);
    }
  }

  private boolean isSet(String property) {
    return systemProperties.apply(property) != null;
  }
}
