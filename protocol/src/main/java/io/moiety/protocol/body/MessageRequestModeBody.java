package io.moiety.protocol.body;

/** What SET_MESSAGE_REQUEST_MODE asks: how a group is to read a topic from now on. */
public record MessageRequestModeBody(
    String consumerGroup, RequestMode mode, int popShareQueueNum, String topic) {

  public MessageRequestModeBody {
    Members.required(consumerGroup, "consumerGroup");
    Members.required(mode, "mode");
    Members.required(topic, "topic");
  }
}
