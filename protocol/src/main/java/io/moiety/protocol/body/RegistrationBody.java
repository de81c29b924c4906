package io.moiety.protocol.body;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** What a broker tells a name server with REGISTER_BROKER: all its topics. */
public record RegistrationBody(
    @JsonProperty("topicConfigSerializeWrapper") TopicConfigTableBody topics,
    @JsonProperty("filterServerList") List<String> filterServers) {

  public RegistrationBody {
    Members.required(topics, "topicConfigSerializeWrapper");
    filterServers = Members.list(filterServers);
  }

  public static RegistrationBody of(TopicConfigTableBody topics) {
    return new RegistrationBody(topics, List.of());
  }
}
