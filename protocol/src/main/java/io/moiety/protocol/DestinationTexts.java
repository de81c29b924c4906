package io.moiety.protocol;

/**
 * How the properties {@link PropertyNames#JMS_DESTINATION} and {@link PropertyNames#JMS_REPLY_TO}
 * name a destination of Jakarta Messaging: its kind and, behind that, its name.
 */
public final class DestinationTexts {

  public static final String QUEUE = "queue://";
  public static final String TOPIC = "topic://";
  public static final String TEMPORARY_QUEUE = "temp-queue://";
  public static final String TEMPORARY_TOPIC = "temp-topic://";

  private DestinationTexts() {}

  /**
   * Whether the text names a temporary destination whose topic this is. Names of temporary
   * destinations are topics' names as they are.
   */
  public static boolean isTemporary(String text, String topic) {
    return isOf(TEMPORARY_QUEUE, text, topic) || isOf(TEMPORARY_TOPIC, text, topic);
  }

  private static boolean isOf(String kind, String text, String topic) {
    return text.length() == kind.length() + topic.length()
        && text.startsWith(kind)
        && text.endsWith(topic);
  }
}
