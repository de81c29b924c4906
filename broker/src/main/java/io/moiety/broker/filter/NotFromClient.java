package io.moiety.broker.filter;

import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;

/**
 * Jakarta Messaging's noLocal: passes over what one client sent itself.
 *
 * @param clientId the client whose messages are not wanted
 */
public record NotFromClient(String clientId) implements MessageFilter {
  @Override
  public boolean matches(RecordView message) {
    return message.property(PropertyNames.JMS_CLIENT_ID).filter(clientId::equals).isEmpty();
  }
}
