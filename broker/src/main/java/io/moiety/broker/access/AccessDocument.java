package io.moiety.broker.access;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON of an access file; what is absent is null. */
record AccessDocument(@Nullable List<Entry> users) {

  /**
   * One user.
   *
   * @param sources as they stand there, since null must not mean the same as absent: anywhere
   */
  record Entry(
      @Nullable String accessKey,
      @Nullable String secretKey,
      boolean admin,
      @Nullable Map<String, String> topics,
      @Nullable Map<String, String> groups,
      @JsonProperty("sourceIps") @Nullable JsonNode sources) {

    /** Without the secret. */
    @Override
    public String toString() {
      return "user " + accessKey;
    }
  }
}
