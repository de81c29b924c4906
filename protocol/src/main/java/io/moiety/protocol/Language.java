package io.moiety.protocol;

/** What a sender of frames is written in, as it says. */
public enum Language {
  JAVA(0),
  CPP(1),
  DOTNET(2),
  PYTHON(3),
  DELPHI(4),
  ERLANG(5),
  RUBY(6),
  OTHER(7),
  HTTP(8),
  GO(9),
  PHP(10),
  OMS(11),
  RUST(12),
  NODE_JS(13);

  private static final Language[] ALL = values();

  private final int number;

  Language(int number) {
    this.number = number;
  }

  /** Its number in binary headers. */
  int number() {
    return number;
  }

  /** One that is not known is another. */
  static Language ofNumber(int number) {
    for (Language language : ALL) {
      if (language.number == number) {
        return language;
      }
    }
    return OTHER;
  }

  /** One that is not known is another. */
  static Language ofName(String name) {
    for (Language language : ALL) {
      if (language.name().equals(name)) {
        return language;
      }
    }
    return OTHER;
  }
}
