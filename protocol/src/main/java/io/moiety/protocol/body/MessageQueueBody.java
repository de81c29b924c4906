package io.moiety.protocol.body;

/** One queue of a topic at a broker. */
public record MessageQueueBody(String brokerName, int queueId, String topic) {

  public MessageQueueBody {
    Members.required(brokerName, "brokerName");
    Members.required(topic, "topic");
  }
}
