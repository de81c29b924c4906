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
  void theAdaptersOwnPropertiesStand() throws Exception {
    assertThat(with("listenPort=1;storePathRootDir=/elsewhere").embeddedProperties())
        .containsEntry("listenPort", "0")
        .containsEntry("storePathRootDir", "/store");
  }

  @Test
  void namesNoValueThatMayBeSecret() {
    assertThatThrownBy(() -> with("tlsKeyPassword=s3cret;s3cret too").embeddedProperties())
        .isInstanceOf(InvalidPropertyException.class)
        .hasMessageContaining("brokerProperties: entry 2")
        .hasMessageNotContaining("s3cret");
  }
}
