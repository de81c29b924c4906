package io.moiety.protocol.body;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** The answer to GET_PRODUCER_CONNECTION_LIST: a group's members. */
public record ProducerConnectionsBody(
    @JsonProperty("connectionSet") List<ConnectionBody> connections) {

  public ProducerConnectionsBody {
    connections = Members.list(connections);
  }
}
