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

  /** Whether the text names a queue, temporary or not, whose topic this is. */
  public static boolean isQueue(String text, String topic) {
    return isNamed(QUEUE, text, topic) || isOf(TEMPORARY_QUEUE, text, topic);
  }

  /** Whether the text names a topic, temporary or not, that is this topic. */
  public static boolean isTopic(String text, String topic) {
    return isNamed(TOPIC, text, topic) || isOf(TEMPORARY_TOPIC, text, topic);
  }

  /** The same for names of any characters. */
  private static boolean isNamed(String kind, String text, String topic) {
    return text.startsWith(kind) && NameEscapes.topic(text.substring(kind.length())).equals(topic);
  }

  private static boolean isOf(String kind, String text, String topic) {
    return text.length() == kind.length() + topic.length()
        && text.startsWith(kind)
        && text.endsWith(topic);
  }
}
