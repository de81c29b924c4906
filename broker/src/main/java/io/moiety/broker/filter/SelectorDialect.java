package io.moiety.broker.filter;

/** Whose rules a selector follows where they differ. */
public enum SelectorDialect {
  /** Jakarta Messaging: a string never equals a number. */
  JAKARTA_MESSAGING(""),

  /** RocketMQ's SQL92: properties are strings, and compared to a number they are read as one. */
  ROCKETMQ("convert_string_expressions:");

  private final String parserSwitch;

  SelectorDialect(String parserSwitch) {
    this.parserSwitch = parserSwitch;
  }

  String parserSwitch() {
    return parserSwitch;
  }
}
