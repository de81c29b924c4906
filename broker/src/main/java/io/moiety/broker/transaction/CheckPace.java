package io.moiety.broker.transaction;

/** How long a half message is left alone after a check. Pure. */
final class CheckPace {
  private static final int MAX_DOUBLINGS = 3;

  private CheckPace() {}

  /**
   * The interval until every member of the group was asked, after that with each further round the
   * double, up to eight intervals: whoever knew would have said so.
   *
   * @param checks delivered ones, at least 1
   * @param members of the group who could be asked, at least 1
   */
  static long delayMillis(int checks, int members, long intervalMillis) {
    int fullRounds = checks / members;
    return intervalMillis << Math.min(Math.max(0, fullRounds - 1), MAX_DOUBLINGS);
  }
}
