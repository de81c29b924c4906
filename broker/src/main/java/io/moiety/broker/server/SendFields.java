package io.moiety.broker.server;

import io.moiety.broker.intake.IncomingMessage;
import io.moiety.protocol.Command;
import io.moiety.protocol.Fields;
import io.moiety.protocol.MessageProperties;
import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RequestCode;
import java.util.Optional;

/** The names of a send request's fields: words in the first version, letters since the second. */
enum SendFields {
  WORDS(
      "producerGroup",
      "topic",
      "defaultTopic",
      "defaultTopicQueueNums",
      "queueId",
      "sysFlag",
      "bornTimestamp",
      "flag",
      "properties",
      "reconsumeTimes",
      "unitMode",
      "maxReconsumeTimes",
      "batch"),
  LETTERS("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m");

  private static final int DEFAULT_QUEUES = 4;
  private static final String VALUE_END = "\u0002";
  private static final String REGION = PropertyNames.MSG_REGION + "\u0001";

  private final String producerGroup;
  private final String topic;
  private final String defaultTopic;
  private final String queuesWanted;
  private final String queueId;
  private final String sysFlag;
  private final String bornTimestamp;
  private final String flag;
  private final String properties;
  private final String reconsumeTimes;
  private final String unitMode;
  private final String maxReconsumeTimes;
  private final String batch;

  SendFields(
      String producerGroup,
      String topic,
      String defaultTopic,
      String queuesWanted,
      String queueId,
      String sysFlag,
      String bornTimestamp,
      String flag,
      String properties,
      String reconsumeTimes,
      String unitMode,
      String maxReconsumeTimes,
      String batch) {
    this.producerGroup = producerGroup;
    this.topic = topic;
    this.defaultTopic = defaultTopic;
    this.queuesWanted = queuesWanted;
    this.queueId = queueId;
    this.sysFlag = sysFlag;
    this.bornTimestamp = bornTimestamp;
    this.flag = flag;
    this.properties = properties;
    this.reconsumeTimes = reconsumeTimes;
    this.unitMode = unitMode;
    this.maxReconsumeTimes = maxReconsumeTimes;
    this.batch = batch;
  }

  static SendFields of(int requestCode) {
    return requestCode == RequestCode.SEND_MESSAGE || requestCode == RequestCode.SEND_REPLY_MESSAGE
        ? WORDS
        : LETTERS;
  }

  boolean isBatch(Command request) {
    return request.code() == RequestCode.SEND_BATCH_MESSAGE || request.fields().flag(batch);
  }

  /** How often the sender lets a message be tried again; only in sends to a retry topic. */
  Optional<Integer> maxReconsumeTimes(Command request) {
    Fields fields = request.fields();
    return fields.text(maxReconsumeTimes).isPresent()
        ? Optional.of(fields.requiredInt(maxReconsumeTimes))
        : Optional.empty();
  }

  IncomingMessage message(Command request, Connection connection) {
    return message(request, connection, request.fields().text(properties).orElse(""));
  }

  /**
   * As {@link #message}, with the region in its properties, as RocketMQ adds it to each message
   * that is not of a batch: its consumers leave what has none out of their message trace. Into the
   * text, since that costs least.
   */
  IncomingMessage inRegion(Command request, Connection connection, String region) {
    String text = request.fields().text(properties).orElse("");
    boolean isSentOn = text.startsWith(REGION) || text.contains(VALUE_END + REGION);
    boolean isEnded = text.isEmpty() || text.endsWith(VALUE_END);
    return message(
        request,
        connection,
        isSentOn ? text : text + (isEnded ? "" : VALUE_END) + REGION + region + VALUE_END);
  }

  private IncomingMessage message(Command request, Connection connection, String propertiesText) {
    Fields fields = request.fields();
    return new IncomingMessage(
        fields.requiredText(topic),
        fields.requiredInt(queueId),
        fields.intOr(queuesWanted, DEFAULT_QUEUES),
        fields.intOr(flag, 0),
        fields.requiredInt(sysFlag),
        fields.requiredLong(bornTimestamp),
        connection.remoteAddress(),
        fields.intOr(reconsumeTimes, 0),
        MessageProperties.parse(propertiesText),
        request.body(),
        connection.id());
  }

  /** The fields of a reply as they are pushed to whoever waits for it, always in words. */
  Fields.Builder pushed(IncomingMessage message, Fields fields) {
    return Fields.builder()
        .put(WORDS.producerGroup, fields.text(producerGroup).orElse(""))
        .put(WORDS.topic, message.topic())
        .put(WORDS.defaultTopic, fields.text(defaultTopic).orElse(""))
        .put(WORDS.queuesWanted, message.queuesWanted())
        .put(WORDS.queueId, message.queueId())
        .put(WORDS.sysFlag, message.sysFlag())
        .put(WORDS.bornTimestamp, message.bornTimestampMillis())
        .put(WORDS.flag, message.flag())
        .put(WORDS.reconsumeTimes, message.reconsumeTimes())
        .put(WORDS.unitMode, fields.flag(unitMode));
  }
}
