package io.moiety.ra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.spi.InvalidPropertyException;
import org.junit.jupiter.api.Test;

final class AdapterSettingsTest {

  private static AdapterSettings with(String brokerProperties) {
    MoietyResourceAdapter adapter = new MoietyResourceAdapter();
    adapter.setStoreDirectory("/store");
    adapter.setBrokerProperties(brokerProperties);
    return adapter.settings();
  }

  @Test
  void takesTheBrokersPropertiesAsTheyAreWritten() throws Exception {
    assertThat(
            with(" tlsKeyStore = C:\\users\\new=1 ; ;maxMessageSize=1048576;").embeddedProperties())
        .containsEntry("tlsKeyStore", "C:\\users\\new=1")
        .containsEntry("maxMessageSize", "1048576");
  }

  @Test
  void refusesWhatTheAdapterHasPropertiesOfItsOwnFor() {
    assertThatThrownBy(() -> with("storePathRootDir=/elsewhere").embeddedProperties())
        .isInstanceOf(InvalidPropertyException.class)
        .hasMessageContaining("storeDirectory");
  }

  @Test
  void refusesWhatIsOfNoUseToABrokerThatRunsElsewhere() {
    MoietyResourceAdapter adapter = new MoietyResourceAdapter();
    adapter.setAddresses("broker:9876");
    adapter.setStoreDirectory("/store");
    adapter.setBrokerProperties("maxMessageSize=1");
    adapter.setListenPort(9_876);
    adapter.setBindAddress("0.0.0.0");
    adapter.setRecoveryPassword("s3cret");
    adapter.setTlsTrustPassword("s3cret");

    assertThatThrownBy(adapter::validate)
        .isInstanceOf(InvalidPropertyException.class)
        .hasMessageContainingAll(
            "storeDirectory",
            "brokerProperties",
            "listenPort",
            "bindAddress",
            "recoveryUser",
            "tlsTrustFile")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void namesNoValueThatMayBeSecret() {
    assertThatThrownBy(() -> with("tlsKeyPassword=s3cret;s3cret too").embeddedProperties())
        .isInstanceOf(InvalidPropertyException.class)
        .hasMessageContaining("brokerProperties: entry 2")
        .hasMessageNotContaining("s3cret");
  }
}
