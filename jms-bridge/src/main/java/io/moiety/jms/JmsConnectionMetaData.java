package io.moiety.jms;

import jakarta.jms.ConnectionMetaData;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/** Which provider this is. Immutable. */
final class JmsConnectionMetaData implements ConnectionMetaData {

  private static final int MAJOR = 3;
  private static final int MINOR = 1;

  /** The jar's manifest, or what a build directory is without one. */
  private static final String UNPACKAGED_VERSION = "0.0";

  @Override
  public String getJMSVersion() {
    return MAJOR + "." + MINOR;
  }

  @Override
  public int getJMSMajorVersion() {
    return MAJOR;
  }

  @Override
  public int getJMSMinorVersion() {
    return MINOR;
  }

  @Override
  public String getJMSProviderName() {
    return "Moiety";
  }

  @Override
  public String getProviderVersion() {
    String version = JmsConnectionMetaData.class.getPackage().getImplementationVersion();
    return version == null ? UNPACKAGED_VERSION : version;
  }

  @Override
  public int getProviderMajorVersion() {
    return versionPart(0);
  }

  @Override
  public int getProviderMinorVersion() {
    return versionPart(1);
  }

  @Override
  public Enumeration<String> getJMSXPropertyNames() {
    return Collections.enumeration(
        List.of(
            UserProperties.GROUP_ID, UserProperties.GROUP_SEQUENCE, UserProperties.DELIVERY_COUNT));
  }

  private int versionPart(int index) {
    String[] parts = getProviderVersion().split("[.-]", -1);
    return index < parts.length && parts[index].matches("\\d{1,9}")
        ? Integer.parseInt(parts[index])
        : 0;
  }
}
