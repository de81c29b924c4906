package io.moiety.broker.config;

import static java.util.Map.entry;

import java.util.Map;

/** RocketMQ's keys that have no effect here, with the reason that an operator is told. */
final class IgnoredKeys {

  private static final String ONE_PORT =
      "name-server and broker requests are answered on listenPort";
  private static final String ONE_OWNER =
      "appends have one owner at a time, so there is no put lock to choose";
  private static final String NO_POOL =
      "appended messages must survive a killed process, so there is no transient store pool";
  private static final String NO_SET_THREADS = "requests do not run on thread pools of their own";

  private static final Map<String, String> REASONS =
      Map.ofEntries(
          entry("transientStorePoolEnable", NO_POOL),
          entry("transientStorePoolSize", NO_POOL),
          entry("commitIntervalCommitLog", NO_POOL),
          entry("useReentrantLockWhenPutMessage", ONE_OWNER),
          entry("useSpinLockWhenPutMessage", ONE_OWNER),
          entry("fastListenPort", ONE_PORT),
          entry("storePathCommitLog", "all files lie under storePathRootDir"),
          entry("storePathConsumeQueue", "all files lie under storePathRootDir"),
          entry("storePathIndex", "all files lie under storePathRootDir"),
          entry("deleteWhen", "nothing is deleted at a time of day"),
          entry("diskMaxUsedSpaceRatio", "what is older than fileReservedTime goes at once"),
          entry("warmMapedFileEnable", "segments are always allocated with their blocks written"),
          entry("mappedFileSizeConsumeQueue", "consume queues grow in small chunks"),
          entry("enablePropertyFilter", "filters by property are always available"),
          entry("sendMessageThreadPoolNums", NO_SET_THREADS),
          entry("pullMessageThreadPoolNums", NO_SET_THREADS),
          entry("useEpollNativeSelector", "epoll is used where there is one"),
          entry("tls.config.file", "TLS is set up here"),
          entry("tls.enable", "it is for clients; see tls.server.mode"),
          entry("tls.test.mode.enable", "there is no built-in certificate"),
          entry("tls.protocols", "TLS 1.2 and 1.3 are spoken"),
          entry("tls.ciphers", "the cipher suites of the JDK are used"),
          entry("tls.server.authClient", "clients' certificates are always verified"),
          entry("enableDLegerCommitLog", "for automatic failover there is a RocketMQ cluster"),
          entry("enableControllerMode", "for automatic failover there is a RocketMQ cluster"));

  private IgnoredKeys() {}

  /** What to tell an operator about a key that was not read. */
  static String warning(String key) {
    String reason = REASONS.get(key);
    return reason == null
        ? key + " is unknown and has no effect; is it spelled right?"
        : key + " has no effect: " + reason;
  }
}
