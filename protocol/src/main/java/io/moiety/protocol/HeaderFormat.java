package io.moiety.protocol;

/**
 * How a frame's header is written. Every frame says its own, so the two may be mixed on a
 * connection; an answer is written as its request was.
 */
public enum HeaderFormat {
  JSON(0),
  BINARY(1);

  private final int typeByte;

  HeaderFormat(int typeByte) {
    this.typeByte = typeByte;
  }

  /** The high byte of the frame's header-length field. */
  public int typeByte() {
    return typeByte;
  }

  static HeaderFormat ofTypeByte(int typeByte) {
    return switch (typeByte) {
      case 0 -> JSON;
      case 1 -> BINARY;
      default ->
          throw new MalformedFrameException(
              "header type byte is " + typeByte + "; it must be 0 (JSON) or 1 (binary)");
    };
  }
}
