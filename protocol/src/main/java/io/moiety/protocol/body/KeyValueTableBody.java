package io.moiety.protocol.body;

import java.util.Map;

/** The answer to GET_BROKER_RUNTIME_INFO: names and values. */
public record KeyValueTableBody(Map<String, String> table) {

  public KeyValueTableBody {
    table = Members.map(table);
  }
}
