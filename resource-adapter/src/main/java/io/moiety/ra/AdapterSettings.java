package io.moiety.ra;

import static java.lang.System.Logger.Level.DEBUG;

import io.moiety.ra.broker.BrokerLocation;
import io.moiety.ra.broker.DataDirectory;
import io.moiety.ra.connection.ConnectionOptions;
import io.moiety.ra.connection.TlsOptions;
import io.moiety.ra.work.ContainerTasks;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.InvalidPropertyException;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The adapter's properties as they are when it starts. Immutable.
 *
 * @param configured without addresses for a broker in this process
 * @param storeDirectory of that broker; empty for a place in the server's data directory
 * @param bindAddress where that broker listens
 * @param listenPort where that broker listens; 0 takes a free port
 * @param brokerProperties more of that broker's, as {@code name=value} separated by semicolons
 * @param trustedClasses that object messages may bring to life
 * @param checkBackGroups outcome tables to answer for, as {@link
 *     io.moiety.ra.checkback.CheckBackList} reads them
 * @param recoveryUser who recovers the transactions of beans; empty for the adapter's user
 * @param recoveryWarningMillis 0 for no warning
 * @param branchTimeoutSeconds of transactions for which the server sets none
 */
record AdapterSettings(
    ConnectionOptions configured,
    String storeDirectory,
    String bindAddress,
    int listenPort,
    String brokerProperties,
    String trustedClasses,
    String checkBackGroups,
    String recoveryUser,
    String recoveryPassword,
    long recoveryWarningMillis,
    int branchTimeoutSeconds)
    implements Serializable {

  private static final System.Logger LOGGER = System.getLogger(AdapterSettings.class.getName());

  private static final ConnectionOptions DEFAULTS =
      new ConnectionOptions("", "", "", new TlsOptions(false, "", "", "", "", true), 5_000, 15_000);

  /** The embedded broker's, by their names at the adapter. */
  private static final Map<String, String> OWN_PROPERTIES =
      Map.of(
          "storePathRootDir", "storeDirectory",
          "bindAddress", "bindAddress",
          "listenPort", "listenPort");

  /** What was configured, without gaps; the addresses are those of the broker that is found. */
  ConnectionOptions connection() {
    return configured.addresses().isEmpty()
        ? configured.at("embedded").over(DEFAULTS)
        : configured.over(DEFAULTS);
  }

  boolean isEmbedded() {
    return configured.addresses().isEmpty();
  }

  /** Whether an embedded broker can be reached from this machine only. */
  boolean listensOnLoopback() {
    try {
      return InetAddress.getByName(bindAddress).isLoopbackAddress();
    } catch (UnknownHostException unknown) {
      LOGGER.log(DEBUG, "The broker says what is wrong with bindAddress", unknown);
      return false;
    }
  }

  /** Finds the broker, or starts one. */
  BrokerLocation locate(ContainerTasks tasks) throws ResourceException {
    return isEmbedded()
        ? BrokerLocation.embedded(embeddedProperties(), tasks)
        : BrokerLocation.remote(configured.addresses());
  }

  /** Of the embedded broker, by the names of its configuration file. */
  Map<String, String> embeddedProperties() throws InvalidPropertyException {
    Map<String, String> properties = new LinkedHashMap<>(moreProperties());
    properties.put(
        "storePathRootDir", DataDirectory.choose(storeDirectory, System::getProperty).toString());
    properties.put("bindAddress", bindAddress);
    properties.put("listenPort", Integer.toString(listenPort));
    return properties;
  }

  /** Values are taken as they are, back-slashes too; a message names none, for it may be secret. */
  private Map<String, String> moreProperties() throws InvalidPropertyException {
    Map<String, String> more = new LinkedHashMap<>();
    int number = 0;
    for (String pair : brokerProperties.split("[;\\n]", -1)) {
      number++;
      String text = pair.strip();
      int separator = text.indexOf('=');
      if (separator > 0) {
        String name = text.substring(0, separator).strip();
        if (OWN_PROPERTIES.containsKey(name)) {
          throw new InvalidPropertyException(
              "brokerProperties has "
                  + name
                  + "; set the resource adapter's "
                  + OWN_PROPERTIES.get(name)
                  + " instead");
        }
        more.put(name, text.substring(separator + 1).strip());
      } else if (!text.isEmpty()) {
        throw new InvalidPropertyException(
            "brokerProperties: entry "
                + number
                + " has no name before an equals sign; allowed: name=value pairs, separated by"
                + " semicolons");
      }
    }
    return more;
  }

  /** Without the passwords. */
  @Override
  public String toString() {
    return isEmbedded() ? "embedded broker" : "broker at " + configured.addresses();
  }
}
