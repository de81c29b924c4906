package io.moiety.jms;

import io.moiety.protocol.PropertyNames;
import io.moiety.protocol.RecordView;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;

/**
 * Messages of Jakarta Messaging out of records, for whoever gets records and not deliveries, as in
 * a broker's question about a half message. Stateless.
 */
public final class StoredMessages {

  private StoredMessages() {}

  /**
   * The message in a record, to be read only.
   *
   * @param trustedClasses as of {@link MoietyFactory#setTrustedClasses}
   */
  public static Message read(RecordView record, String trustedClasses) throws JMSException {
    Destination destination =
        record
            .property(PropertyNames.JMS_DESTINATION)
            .flatMap(DestinationNames::parse)
            .orElseGet(() -> new MoietyQueue(record.topic()));
    return new MessageDecoder(TrustedClasses.parse(trustedClasses))
        .decodeBrowsed(record, destination);
  }
}
