package io.moiety.ra.xa;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.moiety.ra.work.ContainerTasks;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
  private final boolean brokerIsShared;
  private final Function<String, @Nullable String> systemProperties;
  private final Set<Object> used = ConcurrentHashMap.newKeySet();
  private final Set<Object> asked = ConcurrentHashMap.newKeySet();

  /**
   * Watches what it is told of.
   *
   * @param afterMillis from the first transaction; 0 for no warning
   * @param brokerIsShared with other servers, whose branches recovery meets
   * @param systemProperties null for those that are not set
   */
  public RecoveryWatch(
      ContainerTasks tasks,
      long afterMillis,
      boolean brokerIsShared,
      Function<String, @Nullable String> systemProperties) {
    this.tasks = tasks;
    this.afterMillis = afterMillis;
    this.brokerIsShared = brokerIsShared;
    this.systemProperties = systemProperties;
  }

  /**
   * Somebody takes part in a transaction.
   *
   * @param who equal for those that recovery asks together; named in a warning by its text
   * @param branch by which
   */
  public void used(Object who, Xid branch) {
    if (afterMillis > 0 && !used.contains(who) && used.add(who)) {
      checkNodeName(who, branch);
      tasks.executeAfter(afterMillis, () -> check(who));
    }
  }

  private void checkNodeName(Object who, Xid branch) {
    if (brokerIsShared
        && NodeName.of(branch).filter(NodeName.WILDFLY_DEFAULT::equals).isPresent()) {
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
