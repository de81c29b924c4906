package io.moiety.ra;

import io.moiety.ra.broker.BrokerLocation;
import io.moiety.ra.broker.DataDirectory;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.InvalidPropertyException;
import java.io.IOException;
import java.io.Serializable;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * The adapter's properties as they are when it starts. Immutable.
 *
 * @param addresses empty for a broker in this process
 * @param storeDirectory of that broker; empty for a place in the server's data directory
 * @param bindAddress where that broker listens
 * @param listenPort where that broker listens; 0 takes a free port
 * @param brokerProperties more of that broker's, as {@code name=value} separated by semicolons
 * @param trustedClasses that object messages may bring to life
 */
record AdapterSettings(
    String addresses,
    String storeDirectory,
    String bindAddress,
    int listenPort,
    String brokerProperties,
    String user,
    String password,
    String trustedClasses,
    long connectTimeoutMillis,
    long requestTimeoutMillis)
    implements Serializable {

  /** Finds the broker, or starts one. */
  BrokerLocation locate() throws ResourceException {
    return addresses.isBlank()
        ? BrokerLocation.embedded(embeddedProperties())
        : BrokerLocation.remote(addresses);
  }

  private Map<String, String> embeddedProperties() throws InvalidPropertyException {
    Map<String, String> properties = new LinkedHashMap<>();
    Properties more = moreProperties();
    more.stringPropertyNames().forEach(name -> properties.put(name, more.getProperty(name)));
    properties.put(
        "storePathRootDir", DataDirectory.choose(storeDirectory, System::getProperty).toString());
    properties.put("bindAddress", bindAddress);
    properties.put("listenPort", Integer.toString(listenPort));
    return properties;
  }

  private Properties moreProperties() throws InvalidPropertyException {
    Properties more = new Properties();
    try {
      more.load(new StringReader(brokerProperties.replace(';', '\n')));
    } catch (IOException | IllegalArgumentException malformed) {
      throw new InvalidPropertyException(
          "brokerProperties = "
              + brokerProperties
              + "; allowed: name=value pairs, separated by semicolons",
          malformed);
    }
    return more;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return addresses.isBlank() ? "embedded broker" : "broker at " + addresses;
  }
}
