package io.moiety.broker.config;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.TreeMap;

/**
 * All that can be set about a broker. Built by {@link #of}, which checks every value, and never
 * changed after.
 *
 * @param brokerName RocketMQ's {@code brokerName}, under which routes list the queues
 * @param clusterName RocketMQ's {@code brokerClusterName}
 * @param nameServers RocketMQ's {@code namesrvAddr}: where the broker registers
 * @param sessionTimeoutMillis a connection of Moiety's own client that was silent for so long loses
 *     its consumer sessions
 * @param warnings what was set without effect, for the operator
 */
public record BrokerConfig(
    String brokerName,
    String clusterName,
    NetworkConfig network,
    SecurityConfig security,
    List<NameServerAddress> nameServers,
    StoreConfig store,
    TopicDefaults topics,
    StoreLimits limits,
    TransactionConfig transactions,
    DelayLevels delayLevels,
    long sessionTimeoutMillis,
    List<String> warnings) {

  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;
  private static final int DEFAULT_MAX_FRAME_BYTES = 16 * MIB;

  /** What a frame or a record holds besides the body: headers, properties, topic. */
  private static final int ENVELOPE_BYTES = 256 * KIB;

  /** With its envelope it still fits the largest record of the log, which has 32 MiB. */
  private static final int LARGEST_MESSAGE_BYTES = 31 * MIB;

  /** The broker's own records, as prepared branches, may be larger than any message. */
  private static final int SMALLEST_RECORD_LIMIT_BYTES = 8 * MIB;

  /** What a segment holds besides its largest record. */
  private static final int SEGMENT_RESERVE_BYTES = 64 * KIB;

  private static final int MAX_EVENT_LOOPS = 64;

  /** In place of a position. */
  private static final long NOWHERE = -1;

  private static final long DAY_MILLIS = 86_400_000L;

  public BrokerConfig {
    nameServers = List.copyOf(nameServers);
    warnings = List.copyOf(warnings);
  }

  /** The defaults for a broker inside this process: loopback, a free port, files in one place. */
  public static BrokerConfig embedded(Path directory) {
    return of(Map.of("storePathRootDir", directory.toString()), Profile.EMBEDDED);
  }

  /** As {@link #of(Map, Profile)}, from a properties file. */
  public static BrokerConfig of(Properties properties, Profile profile) {
    Map<String, String> texts =
        properties.stringPropertyNames().stream()
            .collect(toMap(key -> key, key -> properties.getProperty(key, "")));
    return of(texts, profile);
  }

  /**
   * Reads RocketMQ's property names; what is not named keeps its default.
   *
   * @throws ConfigException for a value that cannot be used
   */
  public static BrokerConfig of(Map<String, String> properties, Profile profile) {
    PropertyReader reader = new PropertyReader(properties);
    refuseReplication(reader);
    String brokerName = name(reader, "brokerName", "moiety");
    String clusterName = name(reader, "brokerClusterName", "DefaultCluster");
    TopicDefaults topics = topics(reader);
    NetworkConfig network = network(reader, profile, topics.maxMessageBytes());
    SecurityConfig security = SecurityConfig.read(reader);
    List<NameServerAddress> nameServers =
        NameServerAddress.parseList("namesrvAddr", reader.text("namesrvAddr").orElse(""));
    StoreConfig store = store(reader, profile, topics.maxMessageBytes());
    StoreLimits limits = storeLimits(reader);
    TransactionConfig transactions = transactions(reader);
    DelayLevels delayLevels =
        DelayLevels.parse(
            "messageDelayLevel", reader.text("messageDelayLevel").orElse(DelayLevels.DEFAULT));
    long sessionTimeoutMillis = reader.number("sessionTimeoutMillis", 30_000, 3_000, DAY_MILLIS);
    List<String> warnings = reader.unread().stream().map(IgnoredKeys::warning).toList();
    return new BrokerConfig(
        brokerName,
        clusterName,
        network,
        security,
        nameServers,
        store,
        topics,
        limits,
        transactions,
        delayLevels,
        sessionTimeoutMillis,
        warnings);
  }

  /** What holds, defaults included, under RocketMQ's names and in order. */
  public Map<String, String> asProperties() {
    Map<String, Object> values = new TreeMap<>();
    values.put("brokerName", brokerName);
    values.put("brokerClusterName", clusterName);
    values.put("brokerId", 0);
    values.put("brokerRole", "ASYNC_MASTER");
    values.put("bindAddress", network.bindAddress());
    values.put("listenPort", network.listenPort());
    network.advertisedHost().ifPresent(host -> values.put("brokerIP1", host));
    values.put(
        "namesrvAddr", nameServers.stream().map(NameServerAddress::toString).collect(joining(";")));
    values.put("serverSelectorThreads", network.eventLoops());
    values.put("maxConnections", network.limits().maxConnections());
    values.put("maxInFlightRequests", network.limits().maxInFlightRequests());
    values.put("maxInFlightBytesPerConnection", network.limits().maxInFlightBytesPerConnection());
    values.put("maxInFlightBytes", network.limits().maxInFlightBytes());
    values.put("maxTopics", limits.maxTopics());
    values.put("maxQueues", limits.maxQueues());
    values.put("maxGroups", limits.maxGroups());
    values.put("serverChannelMaxIdleTimeSeconds", network.idleTimeoutMillis() / 1000);
    security.describe(values);
    values.put("storePathRootDir", store.directory());
    values.put("mappedFileSizeCommitLog", store.segmentBytes());
    values.put("flushDiskType", store.flushDiskType());
    values.put("flushIntervalCommitLog", store.flushIntervalMillis());
    values.put("syncFlushTimeout", store.syncFlushTimeoutMillis());
    values.put("fileReservedTime", store.retention().reservedHours());
    values.put("diskSpaceCleanForciblyRatio", store.retention().forcedCleanPercent());
    values.put("diskSpaceWarningLevelRatio", store.retention().warningPercent());
    values.put("maxStoreBytes", store.retention().maxStoreBytes());
    values.put("snapshotIntervalBytes", store.snapshotIntervalBytes());
    values.put("recoverFrom", store.recoverFrom().orElse(NOWHERE));
    values.put("maxMessageSize", topics.maxMessageBytes());
    values.put("autoCreateTopicEnable", topics.autoCreate());
    values.put("defaultTopicQueueNums", topics.queues());
    values.put("transactionTimeOut", transactions.timeoutMillis());
    values.put("transactionCheckInterval", transactions.checkIntervalMillis());
    values.put("transactionCheckMax", transactions.checkMax());
    values.put("messageDelayLevel", delayLevels.text());
    values.put("sessionTimeoutMillis", sessionTimeoutMillis);
    Map<String, String> texts = new LinkedHashMap<>();
    values.forEach((key, value) -> texts.put(key, value.toString()));
    return texts;
  }

  private static void refuseReplication(PropertyReader reader) {
    String why = "this version has no replication";
    reader.only("brokerRole", "ASYNC_MASTER", why);
    reader.only("brokerId", "0", why);
  }

  private static String name(PropertyReader reader, String key, String absent) {
    String name = reader.text(key).orElse(absent);
    if (!name.matches("[a-zA-Z0-9_.-]{1,100}")) {
      throw new ConfigException(key, name, "1 to 100 letters, digits, dots, - and _");
    }
    return name;
  }

  private static NetworkConfig network(
      PropertyReader reader, Profile profile, int maxMessageBytes) {
    int processors = Runtime.getRuntime().availableProcessors();
    int maxFrameBytes = Math.max(DEFAULT_MAX_FRAME_BYTES, maxMessageBytes + ENVELOPE_BYTES);
    return new NetworkConfig(
        reader.text("bindAddress").orElse(profile.bindAddress),
        reader.integer("listenPort", profile.listenPort, 0, 65_535),
        reader.text("brokerIP1"),
        reader.integer("serverSelectorThreads", Math.min(4, processors), 1, MAX_EVENT_LOOPS),
        maxFrameBytes,
        connectionLimits(reader, maxFrameBytes),
        1000L * reader.integer("serverChannelMaxIdleTimeSeconds", 120, 5, 86_400));
  }

  /** Where nothing is set, all requests together take a quarter of the heap at most. */
  private static ConnectionLimits connectionLimits(PropertyReader reader, int maxFrameBytes) {
    long quarter = Math.max(maxFrameBytes, Runtime.getRuntime().maxMemory() / 4);
    long all = reader.number("maxInFlightBytes", quarter, maxFrameBytes, Long.MAX_VALUE);
    return new ConnectionLimits(
        reader.integer("maxConnections", 10_000, 1, 1_000_000),
        reader.integer("maxInFlightRequests", 4096, 16, 1_000_000),
        reader.number(
            "maxInFlightBytesPerConnection",
            Math.min(all, Math.max(maxFrameBytes, 64 * MIB)),
            maxFrameBytes,
            Long.MAX_VALUE),
        all);
  }

  private static StoreLimits storeLimits(PropertyReader reader) {
    StoreLimits absent = StoreLimits.defaults();
    return new StoreLimits(
        reader.integer("maxTopics", absent.maxTopics(), 16, 1_000_000),
        reader.integer("maxQueues", absent.maxQueues(), 16, 10_000_000),
        reader.integer("maxGroups", absent.maxGroups(), 16, 1_000_000));
  }

  private static StoreConfig store(PropertyReader reader, Profile profile, int maxMessageBytes) {
    Path absent = Path.of(System.getProperty("user.home", "."), "moiety-store");
    Path directory = reader.text("storePathRootDir").map(Path::of).orElse(absent);
    long smallest =
        (long) Math.max(SMALLEST_RECORD_LIMIT_BYTES, maxMessageBytes + ENVELOPE_BYTES)
            + SEGMENT_RESERVE_BYTES;
    return new StoreConfig(
        directory.toAbsolutePath().normalize(),
        reader.number(
            "mappedFileSizeCommitLog",
            Math.max(profile.segmentBytes, smallest),
            smallest,
            Integer.MAX_VALUE),
        reader.choice("flushDiskType", FlushDiskType.SYNC_FLUSH),
        reader.number("flushIntervalCommitLog", 500, 1, 60_000),
        reader.number("syncFlushTimeout", 5_000, 10, 600_000),
        retention(reader),
        reader.number("snapshotIntervalBytes", 64 * MIB, 64 * KIB, 1024L * MIB),
        position(reader.number("recoverFrom", NOWHERE, NOWHERE, Long.MAX_VALUE)));
  }

  private static OptionalLong position(long number) {
    return number == NOWHERE ? OptionalLong.empty() : OptionalLong.of(number);
  }

  private static RetentionConfig retention(PropertyReader reader) {
    return new RetentionConfig(
        reader.integer("fileReservedTime", 72, 1, 24 * 366 * 10),
        reader.integer("diskSpaceCleanForciblyRatio", 85, 1, 100),
        reader.integer("diskSpaceWarningLevelRatio", 90, 1, 100),
        reader.number("maxStoreBytes", 0, 0, Long.MAX_VALUE));
  }

  private static TopicDefaults topics(PropertyReader reader) {
    return new TopicDefaults(
        reader.integer("maxMessageSize", 4 * MIB, KIB, LARGEST_MESSAGE_BYTES),
        reader.flag("autoCreateTopicEnable", true),
        reader.integer("defaultTopicQueueNums", 8, 1, 1024));
  }

  private static TransactionConfig transactions(PropertyReader reader) {
    return new TransactionConfig(
        reader.number("transactionTimeOut", 6_000, 100, DAY_MILLIS),
        reader.number("transactionCheckInterval", 30_000, 100, DAY_MILLIS),
        reader.integer("transactionCheckMax", 15, 1, 100_000));
  }
}
