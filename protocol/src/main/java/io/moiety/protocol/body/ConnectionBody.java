package io.moiety.protocol.body;

/**
 * A client as an administrator sees it.
 *
 * @param version ordinal of its RocketMQ release
 */
public record ConnectionBody(String clientAddr, String clientId, String language, int version) {

  public ConnectionBody {
    clientAddr = clientAddr == null ? "" : clientAddr;
    Members.required(clientId, "clientId");
    language = language == null ? "JAVA" : language;
  }
}
