package io.moiety.broker.registration;

/**
 * When one name server is told what. A state machine without clock or connection: the time goes in,
 * what is to be done comes out. Owner: whoever keeps the connection.
 *
 * <pre>
 *   APART --connect--> CONNECTING --connected--> CONNECTED --register--> ASKED
 *     ^                    |                         ^                     |
 *     |                    |                         +------answered-------+
 *     +-------lost, refused, or no answer in time--------------------------+
 * </pre>
 */
final class RegistrationPlan {
  /** A name server drops a broker that it has not heard of for two minutes. */
  static final long PERIOD_MILLIS = 30_000;

  static final long ANSWER_TIMEOUT_MILLIS = 5_000;
  static final long FIRST_RETRY_MILLIS = 1_000;
  static final long LAST_RETRY_MILLIS = 30_000;

  private static final long NOTHING_YET = -1;

  /** What is to be done now. */
  enum Step {
    CONNECT,
    REGISTER,
    /** Close the connection, from which nothing comes, and report it {@link #lost}. */
    GIVE_UP,
    WAIT
  }

  private enum State {
    APART,
    CONNECTING,
    CONNECTED,
    ASKED
  }

  private State state = State.APART;
  private long dueMillis;
  private long retryMillis = FIRST_RETRY_MILLIS;
  private long askedVersion = NOTHING_YET;
  private long knownVersion = NOTHING_YET;
  private boolean registered;
  private boolean inTrouble;

  RegistrationPlan(long nowMillis) {
    this.dueMillis = nowMillis;
  }

  /**
   * The next step, which counts as taken.
   *
   * @param version of the topics, which grows with each change
   */
  Step next(long nowMillis, long version) {
    boolean due = nowMillis >= dueMillis;
    return switch (state) {
      case APART -> due ? connect(nowMillis) : Step.WAIT;
      case CONNECTING, ASKED -> due ? Step.GIVE_UP : Step.WAIT;
      case CONNECTED -> due || version != knownVersion ? register(nowMillis, version) : Step.WAIT;
    };
  }

  private Step connect(long nowMillis) {
    state = State.CONNECTING;
    dueMillis = nowMillis + ANSWER_TIMEOUT_MILLIS;
    return Step.CONNECT;
  }

  private Step register(long nowMillis, long version) {
    state = State.ASKED;
    askedVersion = version;
    dueMillis = nowMillis + ANSWER_TIMEOUT_MILLIS;
    return Step.REGISTER;
  }

  /** Until when there is nothing to do, unless something happens or the topics change. */
  long dueMillis() {
    return dueMillis;
  }

  void connected(long nowMillis) {
    state = State.CONNECTED;
    dueMillis = nowMillis;
  }

  /**
   * The name server has taken what it was told; true when that is news for an operator. Only the
   * second time ends a series of failures: one that takes it and goes is not tried each second.
   */
  boolean answered(long nowMillis) {
    state = State.CONNECTED;
    knownVersion = askedVersion;
    dueMillis = nowMillis + PERIOD_MILLIS;
    boolean news = !registered;
    if (!news) {
      retryMillis = FIRST_RETRY_MILLIS;
    }
    registered = true;
    inTrouble = false;
    return news;
  }

  /** There is no connection, or no use of it; true when that is news for an operator. */
  boolean lost(long nowMillis) {
    state = State.APART;
    knownVersion = NOTHING_YET;
    dueMillis = nowMillis + retryMillis;
    retryMillis = Math.min(LAST_RETRY_MILLIS, 2 * retryMillis);
    boolean news = !inTrouble;
    inTrouble = true;
    registered = false;
    return news;
  }
}
