package io.moiety.ra.checkback;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;

import io.moiety.client.BrokerAddress;
import io.moiety.client.CheckBack;
import io.moiety.client.ClientConfig;
import io.moiety.client.Resolution;
import io.moiety.jms.MoietyXAConnectionFactory;
import io.moiety.jms.spi.Outlet;
import io.moiety.protocol.PropertyNames;
import jakarta.jms.JMSException;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.naming.NamingException;
import javax.sql.DataSource;

/**
 * The producer groups that this run of the adapter answers for, and the outcome tables from which
 * it does. A group is joined only when its table was found to work: who cannot answer is not asked.
 *
 * <p>Thread-safe. What is opened is opened once, on a thread of the server that is in no
 * transaction; what failed to open is forgotten, and tried again by the next who wants it.
 */
public final class CheckBackGroups implements AutoCloseable {

  /** Which broker a connection factory sends to, and as whom; equal for equal ones. */
  public interface Broker {

    /** Equal for connections to the same broker as the same user. */
    Object key();

    /** A factory of such connections. */
    MoietyXAConnectionFactory factory() throws JMSException;

    /**
     * Where the broker is now: its store may be taken over by a process that listens elsewhere.
     * Asked on an event loop, before each attempt to connect: {@link #factory} must not block, as
     * one that only reads properties and where the adapter's own broker listens does not.
     *
     * @param last where it was, for when nobody knows
     */
    default List<BrokerAddress> addresses(List<BrokerAddress> last) {
      try {
        return BrokerAddress.parseList(factory().getAddresses());
      } catch (JMSException unknown) {
        LOGGER.log(DEBUG, "Where the broker is now is not known; trying where it was", unknown);
        return last;
      }
    }
  }

  private record MemberKey(Object broker, OutcomePlace place, String group) {}

  private static final System.Logger LOGGER = System.getLogger(CheckBackGroups.class.getName());
  private static final long JOIN_SECONDS = 30;
  private static final long MEMBERS_SECONDS = 10;
  private static final long MIN_RETRY_MILLIS = 500;
  private static final long MAX_RETRY_MILLIS = 30_000;

  private final Instance instance = new Instance();
  private final CheckBackCounters counters = new CheckBackCounters();
  private final Tasks tasks;
  private final DataSources dataSources;
  private final Clock clock;
  private final Map<OutcomePlace, CompletableFuture<OutcomeKeeper>> keepers =
      new ConcurrentHashMap<>();
  private final Map<MemberKey, CompletableFuture<Membership>> members = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * @param tasks threads of the server, in no transaction
   */
  public CheckBackGroups(Tasks tasks, DataSources dataSources, Clock clock) {
    this.tasks = tasks;
    this.dataSources = dataSources;
    this.clock = clock;
  }

  public CheckBackCounters counters() {
    return counters;
  }

  /** Transactions that have sent and not ended. */
  public int activeTransactions() {
    return instance.activeCount();
  }

  /** What takes the messages of a connection factory's sessions. Opens nothing yet. */
  public Outlet outlet(
      CheckBackSettings settings, Broker broker, TransactionSynchronizationRegistry transactions) {
    return new TransactionOutlet(settings.place(), transactions, () -> join(settings, broker));
  }

  /**
   * Records which messages beans have processed. Opens nothing yet.
   *
   * @param createTable makes the table when it is missing; for trials
   */
  public ReceivedMessages received(
      OutcomePlace place, boolean createTable, TransactionSynchronizationRegistry transactions) {
    CheckBackSettings settings =
        new CheckBackSettings(
            place,
            createTable,
            CheckBackSettings.DEFAULT_FENCE_AFTER_SECONDS,
            CheckBackSettings.DEFAULT_FENCE_RETENTION_DAYS,
            Optional.empty());
    return new ReceivedRows(() -> opened(settings), transactions);
  }

  private OutcomeDatabase opened(CheckBackSettings settings) throws SQLException {
    try {
      return keeper(settings).get(JOIN_SECONDS, TimeUnit.SECONDS).outcomes();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new SQLException("Interrupted while " + settings.place() + " was opened", interrupted);
    } catch (ExecutionException | TimeoutException failure) {
      throw new SQLException(settings.place() + ": " + unwrap(failure), failure);
    }
  }

  /**
   * Joins a group now or as soon as its data source can be looked up and asked, however long that
   * takes.
   */
  public void answerFor(OutcomePlace place, Optional<String> producerGroup, Broker broker) {
    answerFor(CheckBackSettings.of(place, producerGroup), broker, MIN_RETRY_MILLIS);
  }

  private void answerFor(CheckBackSettings settings, Broker broker, long retryMillis) {
    if (closed) {
      return;
    }
    tasks.execute(
        () ->
            member(settings, broker)
                .whenComplete(
                    (joined, failure) -> {
                      if (failure != null && !closed) {
                        LOGGER.log(
                            WARNING,
                            "Half messages decided by {0} are not answered for here yet; trying"
                                + " again in {1} ms: {2}",
                            settings.place(),
                            retryMillis,
                            firstLine(unwrap(failure)));
                        tasks.executeAfter(
                            retryMillis,
                            () ->
                                answerFor(
                                    settings, broker, Math.min(2 * retryMillis, MAX_RETRY_MILLIS)));
                      }
                    }));
  }

  /** On the application's thread, where its own names can be looked up. */
  private Participant join(CheckBackSettings settings, Broker broker) throws JMSException {
    try {
      Membership membership = member(settings, broker).get(JOIN_SECONDS, TimeUnit.SECONDS);
      OutcomeKeeper keeper = keeper(settings).get(JOIN_SECONDS, TimeUnit.SECONDS);
      return new Participant(membership, instance, settings.fenceAfterSeconds(), keeper);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw unusable(settings, interrupted);
    } catch (ExecutionException | TimeoutException failure) {
      throw unusable(settings, unwrap(failure));
    }
  }

  private static JMSException unusable(CheckBackSettings settings, Throwable cause) {
    JMSException exception =
        new JMSException(
            "transactionMode CHECK_BACK cannot work with "
                + settings.place()
                + ": "
                + (cause.getMessage() == null ? cause.toString() : cause.getMessage()));
    exception.initCause(cause);
    return exception;
  }

  /** Drivers tell the whole statement. */
  private static String firstLine(Throwable failure) {
    return failure.toString().lines().findFirst().orElse("");
  }

  private static Throwable unwrap(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private CompletableFuture<Membership> member(CheckBackSettings settings, Broker broker) {
    return keeper(settings)
        .thenCompose(
            keeper -> {
              String group = settings.groupFor(keeper.outcomes().tableId());
              MemberKey key = new MemberKey(broker.key(), settings.place(), group);
              return once(members, key, joined -> join(key, keeper, broker, joined));
            });
  }

  private void join(
      MemberKey key, OutcomeKeeper keeper, Broker broker, CompletableFuture<Membership> joined) {
    CheckQueue queue = new CheckQueue(tasks, check -> answer(check, keeper, joined));
    try {
      ClientConfig config = broker.factory().clientConfig(instance.newClientId());
      Membership.join(
              config, () -> broker.addresses(config.addresses()), key.group(), queue::add, tasks)
          .whenComplete(
              (membership, failure) -> {
                if (failure != null) {
                  joined.completeExceptionally(failure);
                } else {
                  joined.complete(membership);
                  closeIfLate(membership);
                }
              });
    } catch (JMSException refused) {
      joined.completeExceptionally(refused);
    }
  }

  private void closeIfLate(Membership membership) {
    if (closed) {
      membership.close();
    }
  }

  private static Resolution answer(
      CheckBack check, OutcomeKeeper keeper, CompletableFuture<Membership> membership) {
    Optional<HalfOrigin> origin =
        check.record().property(PropertyNames.CHECK_BACK).flatMap(HalfOrigin::parse);
    if (origin.isEmpty()) {
      return Resolution.UNKNOWN;
    }
    return keeper
        .judge()
        .judge(
            origin.get(),
            check.record().bornTimestampMillis(),
            () ->
                membership
                    .get(MEMBERS_SECONDS, TimeUnit.SECONDS)
                    .members()
                    .get(MEMBERS_SECONDS, TimeUnit.SECONDS));
  }

  private CompletableFuture<OutcomeKeeper> keeper(CheckBackSettings settings) {
    CompletableFuture<OutcomeKeeper> opened =
        once(keepers, settings.place(), opening -> open(settings, opening));
    // What another began to open may not have made the table.
    return settings.createTable() && !opened.isDone()
        ? opened.exceptionallyCompose(
            failure -> once(keepers, settings.place(), opening -> open(settings, opening)))
        : opened;
  }

  /** The name is looked up here, since only the application's threads know its own names. */
  private void open(CheckBackSettings settings, CompletableFuture<OutcomeKeeper> opened) {
    DataSource dataSource;
    try {
      dataSource = dataSources.find(settings.place().dataSource());
    } catch (NamingException missing) {
      opened.completeExceptionally(
          new JMSException(
              "outcomeDataSource = "
                  + settings.place().dataSource()
                  + " cannot be used: "
                  + missing));
      return;
    }
    tasks.execute(
        () -> {
          try {
            opened.complete(keep(settings, dataSource));
          } catch (SQLException | RuntimeException | Error failure) {
            // Whatever a pool or driver throws: others wait for this, and try again when it failed.
            opened.completeExceptionally(failure);
          }
        });
  }

  private OutcomeKeeper keep(CheckBackSettings settings, DataSource dataSource)
      throws SQLException {
    OutcomeDatabase outcomes =
        OutcomeDatabase.open(settings.place(), dataSource, settings.createTable(), clock);
    return OutcomeKeeper.start(
        outcomes,
        instance,
        this::member,
        Duration.ofDays(settings.fenceRetentionDays()),
        tasks,
        counters,
        clock);
  }

  /** Who of this run talks to a broker as a member of the group; asks no network. */
  private Optional<Membership> member(String storeUuid, String group) {
    return members.entrySet().stream()
        .filter(entry -> entry.getKey().group().equals(group))
        .map(Map.Entry::getValue)
        .filter(joined -> joined.isDone() && !joined.isCompletedExceptionally())
        .map(CompletableFuture::join)
        .filter(membership -> membership.isConnectedTo(storeUuid))
        .findFirst();
  }

  private interface Opening<T> {
    void begin(CompletableFuture<T> opened);
  }

  /** The one that is there or under way; else begins to open it. */
  private static <K, T> CompletableFuture<T> once(
      Map<K, CompletableFuture<T>> all, K key, Opening<T> opening) {
    CompletableFuture<T> mine = new CompletableFuture<>();
    CompletableFuture<T> known =
        all.compute(
            key,
            (same, former) -> former == null || former.isCompletedExceptionally() ? mine : former);
    if (known != mine) {
      return known;
    }
    mine.whenComplete(
        (opened, failure) -> {
          if (failure != null) {
            all.remove(key, mine);
          }
        });
    try {
      opening.begin(mine);
    } catch (RuntimeException | Error failure) {
      // Of the server's naming, say: what nobody completes would never be tried again.
      mine.completeExceptionally(failure);
    }
    return mine;
  }

  /** What is asked from now on, others of the groups answer. */
  @Override
  public void close() {
    closed = true;
    members.values().forEach(member -> member.thenAccept(Membership::close));
    keepers.values().forEach(keeper -> keeper.thenAccept(OutcomeKeeper::close));
    members.clear();
    keepers.clear();
  }
}
