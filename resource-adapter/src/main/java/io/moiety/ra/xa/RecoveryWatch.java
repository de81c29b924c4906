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
 * Warns when a connection factory takes part in transactions and the server's recovery has not
 * asked it for any of them after a while: after a crash its prepared transactions would stay in
 * doubt, and a missing line of configuration would show only then. Thread-safe.
 */
public final class RecoveryWatch {

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

  /** The factory takes part in a transaction, by this branch. */
  public void used(Object factory, Xid branch) {
    if (afterMillis > 0 && !used.contains(factory) && used.add(factory)) {
      checkNodeName(factory, branch);
      tasks.executeAfter(afterMillis, () -> check(factory));
    }
  }

  private void checkNodeName(Object factory, Xid branch) {
    if (brokerIsShared
        && NodeName.of(branch).filter(NodeName.WILDFLY_DEFAULT::equals).isPresent()) {
      LOGGER.log(
          WARNING,
          "The transactions of this server carry WildFly''s default node identifier {0}. The broker"
              + " of connection factory {1} may serve other servers too: a second one of the same"
              + " name would roll back the prepared transactions of this one. Give each server its"
              + " own: /subsystem=transactions:write-attribute(name=node-identifier,value=...)",
          NodeName.WILDFLY_DEFAULT,
          factory);
    }
  }

  /** Recovery has asked the factory. */
  public void asked(Object factory) {
    if (!asked.contains(factory)) {
      asked.add(factory);
    }
  }

  private void check(Object factory) {
    if (asked.contains(factory)) {
      return;
    }
    if (isSet(RECOVERS_BY_COMMAND)) {
      LOGGER.log(
          INFO,
          "This server has not asked connection factory {0} for transactions to recover; it does so"
              + " at its start and by command. After a crash run asadmin recover-transactions once"
              + " the application is deployed, and keep automatic-recovery of the transaction"
              + " service on",
          factory);
    } else {
      LOGGER.log(
          WARNING,
          "The server''s recovery has not asked connection factory {0} in {1} s since its first"
              + " transaction. After a crash its prepared transactions would stay in doubt until an"
              + " administrator decides them. WildFly: give the connection definition a recovery"
              + " with a recover-credential, as META-INF/ironjacamar.xml of the archive does;"
              + " factories of @ConnectionFactoryDefinition have none",
          factory,
          afterMillis / 1_000);
    }
  }

  private boolean isSet(String property) {
    return systemProperties.apply(property) != null;
  }
}
