package io.moiety.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moiety.broker.log.LogConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BrokerConfigTest {

  @Test
  void standaloneDefaultsAreReachableAndDurable() {
    BrokerConfig config = BrokerConfig.of(Map.of(), Profile.STANDALONE);

    assertThat(config.network().bindAddress()).isEqualTo("0.0.0.0");
    assertThat(config.network().listenPort()).isEqualTo(9876);
    assertThat(config.store().flushDiskType()).isEqualTo(FlushDiskType.SYNC_FLUSH);
    assertThat(config.store().segmentBytes()).isEqualTo(1L << 30);
    assertThat(config.topics()).isEqualTo(new TopicDefaults(4 << 20, true, 8));
    assertThat(config.transactions()).isEqualTo(new TransactionConfig(6_000, 30_000, 15));
    assertThat(config.delayLevels().delays()).hasSize(18).startsWith(Duration.ofSeconds(1));
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void embeddedDefaultsStayOnTheMachine() {
    BrokerConfig config = BrokerConfig.embedded(Path.of("/data/moiety"));

    assertThat(config.network().bindAddress()).isEqualTo("127.0.0.1");
    assertThat(config.network().listenPort()).isZero();
    assertThat(config.store().segmentBytes()).isEqualTo(64L << 20);
    assertThat(config.store().directory()).isEqualTo(Path.of("/data/moiety"));
  }

  @Test
  void rocketmqNamesAreRead() {
    Properties properties = new Properties();
    properties.setProperty("brokerName", "broker-a");
    properties.setProperty("brokerClusterName", "c1");
    properties.setProperty("brokerIP1", "10.0.0.7");
    properties.setProperty("listenPort", " 10911 ");
    properties.setProperty("flushDiskType", "ASYNC_FLUSH");
    properties.setProperty("messageDelayLevel", "2s 1m  3h 1d");
    properties.setProperty("autoCreateTopicEnable", "false");
    properties.setProperty("brokerRole", "ASYNC_MASTER");
    properties.setProperty("brokerId", "0");

    BrokerConfig config = BrokerConfig.of(properties, Profile.STANDALONE);

    assertThat(config.brokerName()).isEqualTo("broker-a");
    assertThat(config.clusterName()).isEqualTo("c1");
    assertThat(config.network().advertisedHost()).contains("10.0.0.7");
    assertThat(config.network().listenPort()).isEqualTo(10911);
    assertThat(config.store().flushDiskType()).isEqualTo(FlushDiskType.ASYNC_FLUSH);
    assertThat(config.topics().autoCreate()).isFalse();
    assertThat(config.delayLevels().delays())
        .containsExactly(
            Duration.ofSeconds(2), Duration.ofMinutes(1), Duration.ofHours(3), Duration.ofDays(1));
    assertThat(config.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "listenPort|http|a whole number from 0 to 65535",
        "listenPort|65536|a whole number from 0 to 65535",
        "listenPort|-1|a whole number from 0 to 65535",
        "flushDiskType|sync|SYNC_FLUSH, ASYNC_FLUSH",
        "autoCreateTopicEnable|yes|true or false",
        "messageDelayLevel|1s 5x|1 to 64 delays",
        "messageDelayLevel|0s|1 to 64 delays",
        "messageDelayLevel|999999999d|1 to 64 delays",
        "brokerName|a b|1 to 100 letters",
        "brokerRole|SYNC_MASTER|ASYNC_MASTER (this version has no replication)",
        "maxMessageSize|99999999999|a whole number from 1024 to",
        "mappedFileSizeCommitLog|4096|a whole number from 8454144 to",
      })
  void unusableValueIsRefusedWithKeyValueAndWhatIsAllowed(
      String key, String value, String allowed) {
    assertThatThrownBy(() -> BrokerConfig.of(Map.of(key, value), Profile.STANDALONE))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(key + "=" + value)
        .hasMessageContaining(allowed);
  }

  @Test
  void tooManyDelayLevelsAreRefused() {
    Map<String, String> properties = Map.of("messageDelayLevel", "1s ".repeat(65));

    assertThatThrownBy(() -> BrokerConfig.of(properties, Profile.STANDALONE))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void unknownKeyIsAWarning() {
    BrokerConfig config = BrokerConfig.of(Map.of("listenPrt", "1"), Profile.STANDALONE);

    assertThat(config.warnings())
        .containsExactly("listenPrt is unknown and has no effect; is it spelled right?");
  }

  @Test
  void unsupportedRocketmqKeyIsAWarningWithItsReason() {
    Map<String, String> properties = Map.of("transientStorePoolEnable", "true");

    assertThat(BrokerConfig.of(properties, Profile.STANDALONE).warnings())
        .singleElement()
        .asString()
        .startsWith("transientStorePoolEnable has no effect: appended messages must survive");
  }

  @Test
  void framesHoldTheLargestMessage() {
    Map<String, String> properties = Map.of("maxMessageSize", String.valueOf(31 << 20));
    BrokerConfig config = BrokerConfig.of(properties, Profile.EMBEDDED);

    assertThat(config.network().maxFrameBytes()).isGreaterThan(31 << 20);
    assertThat(config.store().segmentBytes()).isGreaterThan(31 << 20);
  }

  @Test
  void aMessageThatIsAllowedFitsTheLargestRecordOfTheLog() {
    assertThat(LogConfig.LARGEST_RECORD_BYTES).isGreaterThan((31 << 20) + (256 << 10));
    assertThatThrownBy(
            () -> BrokerConfig.of(Map.of("maxMessageSize", "33554432"), Profile.EMBEDDED))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("maxMessageSize");
  }

  @Test
  void nameServersAreAListOfAddresses() {
    BrokerConfig config =
        BrokerConfig.of(
            Map.of("namesrvAddr", "ns1:9876; 10.0.0.7:1;[fd00::1]:65535;ns1:9876;"),
            Profile.STANDALONE);

    assertThat(config.nameServers())
        .containsExactly(
            new NameServerAddress("ns1", 9876),
            new NameServerAddress("10.0.0.7", 1),
            new NameServerAddress("fd00::1", 65_535));
    assertThat(BrokerConfig.of(config.asProperties(), Profile.STANDALONE)).isEqualTo(config);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ns1", "ns1:", ":9876", "ns1:0", "ns1:65536", "ns1:x", "fd00::1:9876"})
  void addressesOfNameServersThatCannotBeOneAreRefused(String address) {
    assertThatThrownBy(
            () -> BrokerConfig.of(Map.of("namesrvAddr", "a:1;" + address), Profile.STANDALONE))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("namesrvAddr")
        .hasMessageContaining("host:port");
  }

  @Test
  void whatHoldsCanBeReadBack() {
    BrokerConfig config =
        BrokerConfig.of(Map.of("brokerIP1", "10.0.0.7", "listenPort", "7"), Profile.STANDALONE);

    assertThat(BrokerConfig.of(config.asProperties(), Profile.EMBEDDED)).isEqualTo(config);
  }
}
